package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More completions than the ring has places for: the kernel holds back the others, and ends repeated requests. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OverflowTest extends ChannelTestBase {
    private static final RingSize SMALL = new RingSize(4, 4);
    /** So many connections receive at once that the kernel still holds back completions after several system calls. */
    private static final int MANY = 10 * SMALL.completions();

    private final List<Pair> pairs = new ArrayList<>();

    /** Called by the thread of the test, because the selector belongs to the first thread that selects. */
    private void openMany() throws IOException {
        selector.close();
        selector = new UringSelector(provider, SMALL);
        for (int i = 0; i < MANY; i++) {
            Pair pair = Pair.open(provider);
            pair.peer().setTcpNoDelay(true);
            pair.channel().register(selector, SelectionKey.OP_READ);
            pairs.add(pair);
        }
        settle();
    }

    private void settle() throws IOException {
        while (selector.selectNow(OverflowTest::read) > 0) {}
    }

    @AfterEach
    void closeMany() throws IOException {
        for (Pair pair : pairs) {
            pair.close();
        }
    }

    private void sendToAll(int value) throws IOException {
        for (Pair pair : pairs) {
            pair.peer().getOutputStream().write(value);
        }
    }

    private static int read(SelectionKey key) {
        try {
            return ((SocketChannel) key.channel()).read(ByteBuffer.allocate(16));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readAll() throws IOException {
        int[] read = new int[1];
        while (read[0] < MANY) {
            assertTrue(selector.select(key -> read[0] += read(key), LONG) > 0, "bytes are missing");
        }
    }

    /** The kernel's request for wake-ups ends when its completion has no place. */
    @Test
    void aWakeupThatFindsNoPlaceIsNotTheLast() throws Exception {
        openMany();
        for (int i = 0; i < 3; i++) {
            sendToAll(i);
            selector.wakeup();
            readAll();
            settle();
            Thread waker = new Thread(selector::wakeup);
            waker.start();
            assertEquals(0, selector.select(OverflowTest::read));
            waker.join();
        }
    }

    /** The socket has the second byte while the kernel still holds back the first one. */
    @Test
    void aReadDoesNotOvertakeBytesThatAreHeldBack() throws Exception {
        openMany();
        sendToAll(1);
        selector.selectNow(each -> {});
        sendToAll(2);
        for (Pair pair : pairs) {
            ByteBuffer into = ByteBuffer.allocate(2);
            while (into.hasRemaining()) {
                int before = into.position();
                pair.channel().read(into);
                if (into.position() == before) {
                    selector.select(each -> {}, LONG);
                }
            }
            assertArrayEquals(new byte[] {1, 2}, into.array());
        }
    }

    /** The result of the send is among the completions that are held back. */
    @Test
    void aShortSendWhoseResultIsHeldBackLosesNothing() throws Exception {
        openMany();
        try (Pair full = Pair.open(provider)) {
            full.channel().setOption(StandardSocketOptions.SO_SNDBUF, 8 * 1024); // fixed sizes, which do not grow later
            full.peer().setReceiveBufferSize(8 * 1024);
            full.channel().register(selector, 0);
            selector.selectNow(each -> {});
            sendToAll(3);
            selector.selectNow(each -> {});
            int expected = fill(full) + 1000;
            assertEquals(1000, full.channel().write(ByteBuffer.allocate(1000)));
            selector.selectNow(each -> {});
            CompletableFuture<Void> got = CompletableFuture.runAsync(() -> skip(full.peer(), expected));
            while (!got.isDone()) {
                selector.select(OverflowTest::read, 10);
            }
            got.get();
        }
    }

    /** Writes until the socket takes no more. Returns the number of bytes. */
    private static int fill(Pair pair) throws IOException {
        int total = 0;
        for (int refused = 0; refused < 100; ) {
            int written = pair.channel().write(ByteBuffer.allocate(100_000));
            total += written;
            refused = written > 0 ? 0 : refused + 1;
        }
        return total;
    }

    private static void skip(Socket socket, int count) {
        try {
            socket.getInputStream().skipNBytes(count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
