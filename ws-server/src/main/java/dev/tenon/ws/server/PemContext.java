package dev.tenon.ws.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A TLS context of two PEM files, made anew when they have changed. Thread-safe. */
final class PemContext {
    private static final long CHECK_NANOS = 1_000_000_000L;

    /** What tells one state of a file from another: a replaced file has another key, a rewritten one another time. */
    private record Stamp(
            long modifiedMillis, long size, @Nullable Object fileKey) {
        static Stamp of(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(attributes.lastModifiedTime().toMillis(), attributes.size(), attributes.fileKey());
        }
    }

    private final Path certificates;
    private final Path key;
    private final LongSupplier nanoTime;
    private Stamp certificatesStamp;
    private Stamp keyStamp;
    private SSLContext context;
    private long checked;

    PemContext(Path certificates, Path key, LongSupplier nanoTime) throws IOException {
        this.certificates = certificates;
        this.key = key;
        this.nanoTime = nanoTime;
        certificatesStamp = Stamp.of(certificates);
        keyStamp = Stamp.of(key);
        context = PemFiles.context(certificates, key);
        checked = nanoTime.getAsLong();
    }

    /**
     * The context of the files as they are now.
     *
     * @throws IllegalArgumentException if they do not fit together at the moment; they are tried again later
     * @throws UncheckedIOException if one cannot be read
     */
    synchronized SSLContext newest() {
        long now = nanoTime.getAsLong();
        if (now - checked < CHECK_NANOS) {
            return context;
        }
        checked = now;
        try {
            Stamp newCertificates = Stamp.of(certificates);
            Stamp newKey = Stamp.of(key);
            if (!newCertificates.equals(certificatesStamp) || !newKey.equals(keyStamp)) {
                context = PemFiles.context(certificates, key);
                certificatesStamp = newCertificates;
                keyStamp = newKey;
            }
            return context;
        } catch (IOException e) {
            throw new UncheckedIOException("the key of the server cannot be read again", e);
        }
    }
}
