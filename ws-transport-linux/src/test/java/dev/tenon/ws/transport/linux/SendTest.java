package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small writes leave with the next select; the kernel sends what the socket does not take. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SendTest {
    private SelectorProvider provider;
    private Selector selector;
    private final ByteArrayOutputStream accepted = new ByteArrayOutputStream();

    @BeforeEach
    void open() throws IOException {
        provider = Kernel.provider();
        selector = provider.openSelector();
    }

    @AfterEach
    void close() throws IOException {
        selector.close();
    }

    /** Writes until the channel accepts nothing more, because bytes wait that the socket has not taken. */
    private void fill(Pair pair) throws IOException {
        SocketChannel channel = pair.channel();
        channel.setOption(StandardSocketOptions.SO_SNDBUF, 8 * 1024); // fixed sizes, which do not grow later
        pair.peer().setReceiveBufferSize(8 * 1024);
        byte[] bytes = new byte[1000];
        int refused = 0;
        do {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (accepted.size() / 1000 + i);
            }
            int written = channel.write(ByteBuffer.wrap(bytes));
            accepted.write(bytes, 0, written);
            refused = written > 0 ? 0 : refused + 1;
            selector.selectNow();
        } while (refused < 100);
    }

    private CompletableFuture<byte[]> readAll(Pair pair) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return pair.peer().getInputStream().readNBytes(accepted.size());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void aSmallWriteLeavesWithTheNextSelect() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            pair.channel().register(selector, 0);
            selector.selectNow();
            assertEquals(1, pair.channel().write(ByteBuffer.allocate(1)));
            assertEquals(1, pair.channel().write(ByteBuffer.allocate(1)));
            assertEquals(0, pair.peer().getInputStream().available());
            selector.selectNow();
            assertEquals(2, pair.peer().getInputStream().readNBytes(2).length);
        }
    }

    private static ByteBuffer[] buffers(int... lengths) {
        return IntStream.of(lengths).mapToObj(ByteBuffer::allocate).toArray(ByteBuffer[]::new);
    }

    @Test
    void aWriteOfSeveralBuffersReturnsTheirLength() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            pair.channel().register(selector, 0);
            selector.selectNow();
            assertEquals(3, pair.channel().write(buffers(1, 0, 2)));
            assertEquals(2, pair.channel().write(buffers(5, 2, 5), 1, 1));
            assertEquals(8001, pair.channel().write(buffers(1, 8000)));
            assertEquals(8006, pair.peer().getInputStream().readNBytes(8006).length);
        }
    }

    @Test
    void aLargeWriteFollowsASmallOne() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            pair.channel().register(selector, 0);
            selector.selectNow();
            pair.channel().write(ByteBuffer.wrap(new byte[] {1}));
            pair.channel().write(ByteBuffer.allocate(10_000).put(0, (byte) 2));
            byte[] got = pair.peer().getInputStream().readNBytes(10_001);
            assertEquals(1, got[0]);
            assertEquals(2, got[1]);
        }
    }

    @Test
    void whatTheSocketDoesNotTakeArrivesInItsPlaceAndOnlyThenIsThereRoom() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            pair.channel().register(selector, 0);
            fill(pair);
            SelectionKey key = pair.channel().keyFor(selector);
            key.interestOps(SelectionKey.OP_WRITE);
            assertEquals(0, selector.selectNow(each -> {}), "room while bytes wait");
            assertEquals(0, pair.channel().write(ByteBuffer.allocate(10_000)), "a large write overtakes");
            assertEquals(0, pair.channel().write(buffers(1, 10_000)), "a large write overtakes");
            assertEquals(0, pair.channel().write(buffers(1, 10)), "a small write overtakes");
            CompletableFuture<byte[]> got = readAll(pair);
            assertEquals(1, selector.select(each -> assertTrue(each.isWritable()), 20_000));
            assertEquals(1, pair.channel().write(ByteBuffer.allocate(1)));
            assertArrayEquals(accepted.toByteArray(), got.get());
        }
    }

    /** A large write first sends the small one before it, and the socket takes a part of that one. */
    @ParameterizedTest
    @ValueSource(ints = {1000, 2500, 4000})
    void aSmallWriteBeforeALargeOneIsSentWhole(int small) throws Exception {
        try (Pair pair = Pair.open(provider)) {
            pair.channel().setOption(StandardSocketOptions.SO_SNDBUF, 8 * 1024);
            pair.peer().setReceiveBufferSize(8 * 1024);
            pair.channel().register(selector, 0);
            selector.selectNow();
            CompletableFuture<byte[]> got = CompletableFuture.supplyAsync(() -> readToEnd(pair));
            while (accepted.size() < 200_000) {
                write(pair.channel(), small);
                if (write(pair.channel(), 5000) == 0) {
                    selector.selectNow();
                }
            }
            pair.channel().shutdownOutput();
            while (!got.isDone()) {
                selector.select(each -> {}, 10);
            }
            assertArrayEquals(accepted.toByteArray(), got.get());
        }
    }

    private int write(SocketChannel channel, int length) throws IOException {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (((accepted.size() + i) * 31) >>> 4);
        }
        int written = channel.write(ByteBuffer.wrap(bytes));
        accepted.write(bytes, 0, written);
        return written;
    }

    private static byte[] readToEnd(Pair pair) {
        try {
            return pair.peer().getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void afterACloseTheKernelStillSendsTheRest() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            pair.channel().register(selector, SelectionKey.OP_READ);
            fill(pair);
            pair.channel().close();
            CompletableFuture<byte[]> got = readAll(pair);
            while (!selector.keys().isEmpty()) {
                selector.select(each -> {}, 100);
            }
            assertArrayEquals(accepted.toByteArray(), got.get());
            assertEquals(-1, pair.peer().getInputStream().read());
        }
    }

    /** The key of the channel has no number yet when the kernel gets the request for the rest. */
    @Test
    void aChannelThatIsClosedBeforeItsFirstSelectSendsTheRestToo() throws Exception {
        selector.selectNow();
        try (Pair pair = Pair.open(provider)) {
            SocketChannel channel = pair.channel();
            while (write(channel, 10_000) > 0) {} // fills the socket
            channel.register(selector, SelectionKey.OP_READ);
            assertEquals(1000, write(channel, 1000));
            channel.close();
            CompletableFuture<byte[]> got = CompletableFuture.supplyAsync(() -> readToEnd(pair));
            while (!got.isDone() || !selector.keys().isEmpty()) {
                selector.select(each -> {}, 10);
            }
            assertArrayEquals(accepted.toByteArray(), got.get());
        }
    }

    @Test
    void aShutdownByAnotherThreadFollowsTheRest() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            pair.channel().register(selector, SelectionKey.OP_READ);
            fill(pair);
            CompletableFuture.runAsync(() -> assertShutsDown(pair.channel())).get();
            CompletableFuture<byte[]> got = readAll(pair);
            CompletableFuture<Integer> end = got.thenApplyAsync(all -> readEnd(pair));
            while (!end.isDone()) {
                selector.select(each -> {}, 100);
            }
            assertArrayEquals(accepted.toByteArray(), got.get());
            assertEquals(-1, end.get());
        }
    }

    private static void assertShutsDown(SocketChannel channel) {
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int readEnd(Pair pair) {
        try {
            return pair.peer().getInputStream().read();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @SuppressWarnings("try") // closed twice, once on purpose
    void aFailureToSendIsThrownByTheNextWrite() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            SelectionKey key = pair.channel().register(selector, SelectionKey.OP_READ);
            selector.selectNow();
            pair.peer().setSoLinger(true, 0);
            pair.peer().close();
            assertEquals(1, selector.select(each -> {}, 20_000)); // the reset has arrived
            key.interestOps(0);
            assertEquals(1, pair.channel().write(ByteBuffer.allocate(1)));
            selector.selectNow();
            assertThrows(IOException.class, () -> pair.channel().write(ByteBuffer.allocate(1)));
            assertThrows(IOException.class, () -> pair.channel().write(ByteBuffer.allocate(10_000)));
        }
    }
}
