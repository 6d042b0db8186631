package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A selector is closed while the kernel sends the last bytes of a closed channel to a peer that reads slowly. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CloseWithRestTest extends ChannelTestBase {
    private final ByteArrayOutputStream accepted = new ByteArrayOutputStream();

    /** Writes until the channel accepts nothing more, because bytes wait that the socket has not taken. */
    private void fill(Pair pair) throws IOException {
        pair.channel().setOption(StandardSocketOptions.SO_SNDBUF, 8 * 1024); // fixed sizes, which do not grow later
        pair.peer().setReceiveBufferSize(8 * 1024);
        byte[] bytes = new byte[1000];
        for (int refused = 0; refused < 100; ) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (accepted.size() / 1000 + i);
            }
            int written = pair.channel().write(ByteBuffer.wrap(bytes));
            accepted.write(bytes, 0, written);
            refused = written > 0 ? 0 : refused + 1;
            selector.selectNow();
        }
    }

    /** Runs a task on another thread as soon as the selector is being closed. */
    private void whenTheSelectorIsClosed(Runnable task) {
        Thread other = new Thread(() -> {
            while (selector.isOpen()) {
                Thread.onSpinWait();
            }
            task.run();
        });
        other.start();
    }

    private static byte[] readToEnd(Pair pair) {
        try {
            return pair.peer().getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void allBytesArrive(boolean selects) throws Exception {
        try (Pair pair = Pair.open(provider);
                Pair other = Pair.open(provider)) {
            pair.channel().register(selector, SelectionKey.OP_READ);
            other.channel().register(selector, SelectionKey.OP_READ);
            fill(pair);
            pair.channel().close();
            if (selects) {
                selector.selectNow();
            }
            other.peer().getOutputStream().write(7); // the input of an open channel does not end the wait
            CompletableFuture<byte[]> got = new CompletableFuture<>();
            whenTheSelectorIsClosed(() -> got.complete(readToEnd(pair)));
            selector.close();
            assertArrayEquals(accepted.toByteArray(), got.get());
            ByteBuffer input = ByteBuffer.allocate(2);
            assertEquals(1, other.channel().read(input));
            assertEquals(7, input.get(0));
        }
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            pair.channel().register(selector, SelectionKey.OP_READ);
            fill(pair);
            pair.channel().close();
            Thread closing = Thread.currentThread();
            whenTheSelectorIsClosed(closing::interrupt);
            long begin = System.nanoTime();
            selector.close();
            long took = System.nanoTime() - begin;
            while (!Thread.interrupted()) {
                Thread.onSpinWait();
            }
            assertTrue(took < UringSelector.MOST_REST_NANOS, "the peer never reads");
        }
    }
}
