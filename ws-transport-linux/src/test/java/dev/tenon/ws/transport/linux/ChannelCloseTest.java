package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NoConnectionPendingException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Closed channels, and wrong uses of channels. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChannelCloseTest extends ChannelTestBase {
    @Test
    @SuppressWarnings("try") // closed twice, once on purpose
    void misuseIsReported() throws Exception {
        try (SocketChannel channel = provider.openSocketChannel();
                ServerSocketChannel listener = provider.openServerSocketChannel()) {
            InetSocketAddress somewhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
            assertThrows(IllegalBlockingModeException.class, () -> channel.connect(somewhere));
            channel.configureBlocking(false);
            assertThrows(NotYetConnectedException.class, () -> channel.read(ByteBuffer.allocate(1)));
            assertThrows(NotYetConnectedException.class, () -> channel.write(ByteBuffer.allocate(1)));
            assertThrows(NoConnectionPendingException.class, channel::finishConnect);
            assertThrows(
                    UnresolvedAddressException.class,
                    () -> channel.connect(InetSocketAddress.createUnresolved("nowhere.invalid", 1)));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> channel.read(ByteBuffer.allocateDirect(1).asReadOnlyBuffer()));
            assertThrows(NotYetBoundException.class, listener::accept);
            channel.close();
            assertThrows(ClosedChannelException.class, () -> channel.read(ByteBuffer.allocate(1)));
            assertThrows(ClosedChannelException.class, () -> channel.getOption(StandardSocketOptions.SO_RCVBUF));
            assertThrows(ClosedChannelException.class, channel::getLocalAddress);
        }
    }

    @Test
    void aBlockingChannelDoesNotRead() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            pair.channel().configureBlocking(true);
            assertThrows(
                    IllegalBlockingModeException.class, () -> pair.channel().read(ByteBuffer.allocate(1)));
            assertThrows(
                    IllegalBlockingModeException.class, () -> pair.channel().write(ByteBuffer.allocate(1)));
        }
    }

    // Closing

    @Test
    @SuppressWarnings("try") // closed twice, once on purpose
    void thePeerOfAClosedChannelSeesItsEndAtOnce() throws Exception {
        for (int ops :
                new int[] {SelectionKey.OP_READ, SelectionKey.OP_WRITE, SelectionKey.OP_READ | SelectionKey.OP_WRITE, 0
                }) {
            try (Pair pair = Pair.open(provider)) {
                pair.channel().register(selector, ops);
                selector.selectNow(key -> {});
                pair.channel().write(ByteBuffer.wrap(new byte[] {1}));
                pair.channel().close();
                selector.selectNow(key -> {});
                assertEquals(1, pair.peer().getInputStream().read());
                assertEquals(-1, pair.peer().getInputStream().read());
            }
        }
    }

    @Test
    @SuppressWarnings("try") // closed twice, once on purpose
    void aChannelThatAnotherThreadClosesIsClosedThoughTheSelectorSleeps() throws Exception {
        CompletableFuture<Void> over = new CompletableFuture<>();
        try (Pair pair = Pair.open(provider);
                ServerSocketChannel listener = listen(InetAddress.getLoopbackAddress())) {
            pair.channel().register(selector, SelectionKey.OP_READ);
            listener.register(selector, SelectionKey.OP_ACCEPT);
            selector.selectNow();
            Thread other = new Thread(() -> {
                try {
                    pair.channel().close();
                    listener.close();
                    if (pair.peer().getInputStream().read() == -1) {
                        over.complete(null);
                    }
                } catch (IOException e) {
                    over.completeExceptionally(e);
                } finally {
                    selector.wakeup();
                }
            });
            other.start();
            while (!over.isDone()) {
                selector.select(LONG);
            }
            over.get();
            assertTrue(pair.channel().keyFor(selector) == null
                    || !pair.channel().keyFor(selector).isValid());
        }
    }

    /** The number in the completions of a closed channel is free only after the last of them. */
    @Test
    @SuppressWarnings("try") // closed twice, once on purpose
    void aNumberIsAssignedAgainAfterTheLastCompletion() throws Exception {
        try (Pair closed = Pair.open(provider);
                Pair next = Pair.open(provider);
                Pair last = Pair.open(provider)) {
            UringKey key = (UringKey) closed.channel().register(selector, SelectionKey.OP_READ);
            selector.selectNow();
            int slot = key.slot;
            closed.channel().close();
            UringKey second = (UringKey) next.channel().register(selector, SelectionKey.OP_READ);
            selector.selectNow();
            assertNotEquals(slot, second.slot);
            while (selector.keys().contains(key)) {
                selector.selectNow();
            }
            UringKey third = (UringKey) last.channel().register(selector, SelectionKey.OP_READ);
            selector.selectNow();
            assertEquals(slot, third.slot);
        }
    }

    /** The next socket gets the same descriptor number: no request of the closed socket may affect it. */
    @Test
    void aSocketThatGetsTheNumberOfAClosedOneIsLeftAlone() throws Exception {
        for (int i = 0; i < 200; i++) {
            Pair before = Pair.open(provider);
            before.channel().register(selector, SelectionKey.OP_READ);
            selector.selectNow(key -> {});
            before.close();
            try (Pair after = Pair.open(provider)) {
                after.channel().register(selector, SelectionKey.OP_READ);
                after.peer().getOutputStream().write(i);
                await(after.channel(), SelectionKey.OP_READ);
                ByteBuffer into = ByteBuffer.allocate(2);
                assertEquals(1, after.channel().read(into));
                assertEquals((byte) i, into.get(0));
            }
        }
        assertNotNull(selector.keys());
    }
}
