package dev.tenon.ws.conformance.architecture;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Does everything that a module without I/O, threads and clocks may do. */
record Pure(URI uri, Duration timeout, AtomicLong counter, CompletableFuture<Void> done) {

    byte[] digest(ByteBuffer buffer) throws GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("SHA-1");
        digest.update(buffer);
        return digest.digest();
    }

    byte[] inflate(Inflater inflater, byte[] input) throws DataFormatException {
        byte[] output = new byte[16];
        inflater.setInput(input);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(output, 0, inflater.inflate(output));
        done.complete(null);
        return all.toByteArray();
    }

    int[][] copy(int[][] from, int[][] to) {
        System.arraycopy(from, 0, to, 0, Math.min(from.length, to.length));
        return to;
    }

    void hand(Executor executor, Runnable task) {
        executor.execute(task);
    }

    int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    List<String> names() {
        return ServiceLoader.load(CharSequence.class).stream()
                .map(provider ->
                        new String(provider.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .toList();
    }
}
