package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A channel loses nothing when it is deregistered: no result, no shutdown, no close. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeregistrationTest extends ChannelTestBase {
    /** The ways to deregister a channel that stays open. */
    enum Way {
        CANCEL_KEY {
            @Override
            void deregister(SelectableChannel channel, Selector selector) throws IOException {
                channel.keyFor(selector).cancel();
                while (channel.isRegistered()) {
                    selector.select(each -> {}, 100);
                }
            }
        },
        CLOSE_SELECTOR {
            @Override
            void deregister(SelectableChannel channel, Selector selector) throws IOException {
                selector.close();
            }
        };

        abstract void deregister(SelectableChannel channel, Selector selector) throws IOException;
    }

    /** A task that another thread runs. */
    private interface Task {
        void run() throws IOException;
    }

    private static void runElsewhere(Task task) {
        CompletableFuture.runAsync(() -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .join();
    }

    private static void shutDown(SocketChannel channel) throws IOException {
        assertEquals(channel, channel.shutdownOutput());
    }

    @ParameterizedTest
    @EnumSource
    void aShutdownByAnotherThreadEndsTheDirection(Way way) throws Exception {
        try (Pair pair = Pair.open(provider)) {
            pair.channel().register(selector, 0);
            selector.selectNow();
            runElsewhere(() -> shutDown(pair.channel()));
            way.deregister(pair.channel(), selector);
            assertEquals(-1, pair.peer().getInputStream().read());
            assertTrue(pair.channel().isOpen());
        }
    }

    @Test
    void aShutdownEndsTheDirectionAfterTheLastByte() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            pair.channel().register(selector, 0);
            selector.selectNow();
            int accepted = fill(pair.channel());
            shutDown(pair.channel());
            CompletableFuture<Integer> end = CompletableFuture.supplyAsync(() -> skip(pair, accepted));
            Way.CANCEL_KEY.deregister(pair.channel(), selector);
            assertEquals(-1, end.get());
            assertTrue(pair.channel().isOpen());
        }
    }

    /** Writes until bytes wait that the socket has not taken. Returns the number of accepted bytes. */
    private int fill(SocketChannel channel) throws IOException {
        int accepted = 0;
        UringKey key = (UringKey) channel.keyFor(selector);
        while (key.output.isReady()) {
            accepted += channel.write(ByteBuffer.allocate(1000));
            selector.selectNow(each -> {});
        }
        return accepted;
    }

    /** The same with buffers of the system that do not grow later. */
    private int fillForGood(Pair pair) throws IOException {
        pair.channel().setOption(StandardSocketOptions.SO_SNDBUF, 8 * 1024);
        pair.peer().setReceiveBufferSize(8 * 1024);
        int accepted = 0;
        for (int refused = 0; refused < 100; ) {
            int written = pair.channel().write(ByteBuffer.allocate(1000));
            accepted += written;
            refused = written > 0 ? 0 : refused + 1;
            selector.selectNow(each -> {});
        }
        return accepted;
    }

    private static int skip(Pair pair, int count) {
        try {
            pair.peer().getInputStream().skipNBytes(count);
            return pair.peer().getInputStream().read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The kernel reports a reset once, and after that only an end. */
    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void aResetThatTheSelectorHasReceivedIsThrownByTheNextRead(int registrations) throws Exception {
        try (Pair pair = Pair.open(provider)) {
            pair.channel().register(selector, SelectionKey.OP_READ);
            selector.selectNow();
            pair.peer().setSoLinger(true, 0);
            pair.peer().close();
            await(pair.channel(), SelectionKey.OP_READ);
            Way.CANCEL_KEY.deregister(pair.channel(), selector);
            for (int i = 0; i < registrations; i++) {
                pair.channel().register(selector, SelectionKey.OP_READ);
                await(pair.channel(), SelectionKey.OP_READ);
                Way.CANCEL_KEY.deregister(pair.channel(), selector);
            }
            IOException reset =
                    assertThrows(IOException.class, () -> pair.channel().read(ByteBuffer.allocate(1)));
            assertEquals("Connection reset", reset.getMessage());
        }
    }

    /** The kernel sends their bytes for up to 30 seconds, and the selector has other work. */
    @Test
    void closedChannelsWhoseBytesWaitAreNotVisitedInEachSelect() throws Exception {
        List<Pair> pairs = new ArrayList<>();
        List<UringKey> keys = new ArrayList<>();
        List<CompletableFuture<Integer>> ends = new ArrayList<>();
        int[] accepted = new int[5];
        for (int i = 0; i < accepted.length; i++) {
            pairs.add(Pair.open(provider));
            keys.add((UringKey) pairs.get(i).channel().register(selector, SelectionKey.OP_READ));
            accepted[i] = fillForGood(pairs.get(i));
        }
        for (Pair pair : pairs) {
            pair.channel().close();
        }
        int updates = 0;
        for (int i = 0; i < 1000; i++) {
            selector.selectNow(each -> {});
            updates += keys.stream().anyMatch(key -> key.isChanged) ? 1 : 0;
        }
        assertTrue(updates < 500, "keys are updated in " + updates + " of 1,000 selects"); // some cancel the receives
        assertEquals(keys.size(), selector.keys().size(), "the bytes still wait");
        for (int i = 0; i < accepted.length; i++) {
            Pair pair = pairs.get(i);
            int count = accepted[i];
            ends.add(CompletableFuture.supplyAsync(() -> skip(pair, count)));
        }
        while (!selector.keys().isEmpty()) {
            selector.select(each -> {}, 100);
        }
        for (int i = 0; i < accepted.length; i++) {
            assertEquals(-1, ends.get(i).join());
            pairs.get(i).close();
        }
    }

    @Test
    void aChannelBelongsToOneSelectorAtATime() throws Exception {
        try (Pair pair = Pair.open(provider);
                Selector second = provider.openSelector()) {
            SelectionKey key = pair.channel().register(selector, SelectionKey.OP_READ);
            selector.selectNow();
            key.cancel();
            assertThrows(IllegalStateException.class, () -> pair.channel().register(second, SelectionKey.OP_READ));
            Way.CANCEL_KEY.deregister(pair.channel(), selector);
            pair.channel().register(second, SelectionKey.OP_READ);
            pair.peer().getOutputStream().write(7);
            assertEquals(1, second.select(LONG));
            assertEquals(1, pair.channel().read(ByteBuffer.allocate(2)));
        }
    }

    /** The thread that closes sees that the channel is registered; the selector saw before that it is open. */
    @ParameterizedTest
    @EnumSource
    void aChannelThatIsClosedDuringItsDeregistrationKeepsNoDescriptor(Way way) throws Exception {
        ClosedLate channel = new ClosedLate(provider);
        channel.configureBlocking(false);
        channel.register(selector, 0);
        selector.selectNow();
        way.deregister(channel, selector);
        assertFalse(channel.isOpen());
        assertFalse(channel.descriptor().isOpen());
    }

    /** A channel that another thread closes just before the selector lets go of it. */
    private static final class ClosedLate extends AbstractSelectableChannel implements RegisteredChannel {
        private final Descriptor descriptor = Descriptor.open(SocketAddresses.AF_INET);
        private volatile @Nullable UringKey key;

        ClosedLate(SelectorProvider provider) throws IOException {
            super(provider);
        }

        @Override
        public void registered(@Nullable UringKey next) {
            if (next == null) {
                runElsewhere(this::close);
            }
            key = next;
        }

        @Override
        protected void implCloseSelectableChannel() {
            SocketLifetime.close(this, key);
        }

        @Override
        protected void implConfigureBlocking(boolean block) {}

        @Override
        public int validOps() {
            return SelectionKey.OP_READ;
        }

        @Override
        public Descriptor descriptor() {
            return descriptor;
        }
    }
}
