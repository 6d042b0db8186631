package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.IllegalSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract of {@link java.nio.channels.Selector}. The thread of each test is the one that selects. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SelectorTest {
    private static final long LONG = 20_000;

    private SelectorProvider provider;
    private Selector selector;

    @BeforeEach
    void open() throws IOException {
        provider = Kernel.provider();
        selector = provider.openSelector();
    }

    @AfterEach
    void close() throws IOException {
        selector.close();
    }

    @Test
    void aWakeupBeforeSelectingCounts() throws IOException {
        selector.wakeup();
        assertEquals(0, selector.select());
        selector.wakeup();
        selector.wakeup();
        assertEquals(0, selector.select());
        long begin = System.nanoTime();
        assertEquals(0, selector.select(20)); // two wakeups count as one
        assertTrue(System.nanoTime() - begin >= TimeUnit.MILLISECONDS.toNanos(19));
    }

    @Test
    void aWakeupFromAnotherThreadEndsASelect() throws Exception {
        for (int i = 0; i < 200; i++) {
            Thread waker = new Thread(selector::wakeup);
            waker.start();
            selector.select();
            waker.join();
        }
    }

    @Test
    void anInterruptEndsASelectAndStays() throws IOException {
        Thread.currentThread().interrupt();
        selector.select();
        assertTrue(Thread.interrupted());
    }

    @Test
    void nothingIsReadyInTime() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            pair.channel().register(selector, SelectionKey.OP_READ);
            assertEquals(0, selector.selectNow());
            long begin = System.nanoTime();
            assertEquals(0, selector.select(50));
            assertTrue(System.nanoTime() - begin >= TimeUnit.MILLISECONDS.toNanos(49));
        }
    }

    @Test
    void selectedKeysGatherUntilTheyAreRemoved() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            SelectionKey key = pair.channel().register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            assertEquals(1, selector.select(LONG));
            assertEquals(Set.of(key), selector.selectedKeys());
            assertTrue(key.isWritable());
            pair.peer().getOutputStream().write(1);
            key.interestOps(SelectionKey.OP_READ);
            assertEquals(1, selector.select(LONG)); // the channel was writable, and is readable now too
            assertTrue(key.isReadable() && key.isWritable());
            assertEquals(0, selector.selectNow());
            selector.selectedKeys().clear();
            assertEquals(1, selector.selectNow()); // unread bytes are reported again
            assertEquals(SelectionKey.OP_READ, key.readyOps());
        }
    }

    @Test
    void roomToWriteIsReportedEachTime() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            SelectionKey key = pair.channel().register(selector, SelectionKey.OP_WRITE);
            for (int i = 0; i < 5; i++) {
                assertEquals(1, selector.select(SelectorTest::ignore, LONG));
            }
            key.interestOps(0);
            assertEquals(0, selector.selectNow(SelectorTest::ignore));
            ByteBuffer much = ByteBuffer.allocateDirect(1 << 20);
            int total = 0;
            for (int written; (written = pair.channel().write(much.clear())) > 0; ) {
                total += written;
            }
            int all = total;
            key.interestOps(SelectionKey.OP_WRITE);
            assertEquals(0, selector.selectNow(SelectorTest::ignore));
            CompletableFuture<Integer> reading = CompletableFuture.supplyAsync(() -> read(pair, all));
            assertEquals(1, selector.select(SelectorTest::ignore, LONG));
            assertEquals(all, reading.get());
        }
    }

    private static int read(Pair pair, int count) {
        try {
            return pair.peer().getInputStream().readNBytes(count).length;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void ignore(SelectionKey key) {
        assertTrue(key.isValid());
    }

    @Test
    void anExceptionOfAnActionKeepsNoOtherKeyFromBeingReported() throws Exception {
        try (Pair one = Pair.open(provider);
                Pair other = Pair.open(provider)) {
            one.channel().register(selector, SelectionKey.OP_WRITE);
            other.channel().register(selector, SelectionKey.OP_WRITE);
            assertThrows(IllegalStateException.class, () -> {
                while (true) {
                    selector.select(
                            key -> {
                                throw new IllegalStateException("deliberate");
                            },
                            LONG);
                }
            });
            Set<SelectionKey> seen = new HashSet<>();
            while (seen.size() < 2) {
                selector.select(seen::add, LONG);
            }
        }
    }

    @Test
    void aSelectInsideOfASelectIsRejected() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            pair.channel().register(selector, SelectionKey.OP_WRITE);
            selector.select(key -> assertThrows(IllegalStateException.class, () -> selector.selectNow()), LONG);
        }
    }

    @Test
    void aCancelledKeyIsGoneAndItsChannelStaysOpen() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            SelectionKey key = pair.channel().register(selector, SelectionKey.OP_READ);
            assertSame(key, pair.channel().keyFor(selector));
            selector.selectNow();
            key.cancel();
            assertThrows(CancelledKeyException.class, key::interestOps);
            while (pair.channel().isRegistered()) {
                selector.selectNow();
            }
            assertTrue(selector.keys().isEmpty());
            assertTrue(pair.channel().isOpen());
            pair.peer().getOutputStream().write(7);
            try (Selector second = provider.openSelector()) {
                pair.channel().register(second, SelectionKey.OP_READ);
                assertEquals(1, second.select(LONG));
                assertEquals(7, readByte(pair.channel()));
            }
        }
    }

    @Test
    void bytesReceivedByOneSelectorAreReadByTheNext() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            SelectionKey key = pair.channel().register(selector, SelectionKey.OP_READ);
            pair.peer().getOutputStream().write(new byte[] {1, 2, 3});
            assertEquals(1, selector.select(LONG));
            assertEquals(1, readByte(pair.channel()));
            key.cancel();
            while (pair.channel().isRegistered()) {
                selector.selectNow();
            }
            assertEquals(2, readByte(pair.channel())); // after the selector is closed
            try (Selector second = provider.openSelector()) {
                pair.channel().register(second, SelectionKey.OP_READ);
                assertEquals(1, second.select(LONG));
                assertEquals(3, readByte(pair.channel()));
                pair.peer().getOutputStream().write(4);
                second.selectedKeys().clear();
                assertEquals(1, second.select(LONG));
                assertEquals(4, readByte(pair.channel()));
            }
        }
    }

    private static int readByte(SocketChannel channel) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        assertEquals(1, channel.read(one));
        return one.get(0);
    }

    @Test
    void aKeyOfAnotherProviderIsRejected() throws Exception {
        try (SocketChannel foreign = SocketChannel.open()) {
            foreign.configureBlocking(false);
            assertThrows(IllegalSelectorException.class, () -> foreign.register(selector, SelectionKey.OP_CONNECT));
        }
    }

    @Test
    void closingTheSelectorFromAnotherThreadEndsASelect() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            SelectionKey key = pair.channel().register(selector, SelectionKey.OP_READ);
            CompletableFuture<Void> selecting = CompletableFuture.runAsync(() -> {
                try {
                    while (true) {
                        selector.select();
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            selector.close();
            ExecutionException ended =
                    assertThrows(ExecutionException.class, () -> selecting.get(20, TimeUnit.SECONDS));
            assertTrue(ended.getCause() instanceof ClosedSelectorException, ended.toString());
            assertFalse(key.isValid());
            assertFalse(pair.channel().isRegistered());
            assertThrows(ClosedSelectorException.class, selector::keys);
        }
    }

    @Test
    @SuppressWarnings("try") // closed twice, once on purpose
    void aClosedSelectorLeavesItsChannelsOpenAndUsable() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            pair.channel().register(selector, SelectionKey.OP_READ);
            selector.selectNow();
            selector.close();
            assertNull(pair.channel().keyFor(selector));
            pair.peer().getOutputStream().write(9);
            try (Selector second = provider.openSelector()) {
                pair.channel().register(second, SelectionKey.OP_READ);
                assertEquals(1, second.select(LONG));
                assertEquals(9, readByte(pair.channel()));
            }
        }
    }

    /** The kernel keeps a socket open while it has a request for it, so closing waits for the request. */
    @Test
    @SuppressWarnings("try") // closed twice, once on purpose
    void whenTheSelectorIsClosedNothingListensAnyMore() throws Exception {
        for (int i = 0; i < 50; i++) {
            InetSocketAddress address;
            try (Selector own = provider.openSelector();
                    var listener = provider.openServerSocketChannel()) {
                listener.configureBlocking(false);
                listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                address = (InetSocketAddress) listener.getLocalAddress();
                listener.register(own, SelectionKey.OP_ACCEPT);
                own.selectNow();
                listener.close();
            }
            try (var again = new ServerSocket()) {
                again.setReuseAddress(true);
                again.bind(address);
            }
        }
    }
}
