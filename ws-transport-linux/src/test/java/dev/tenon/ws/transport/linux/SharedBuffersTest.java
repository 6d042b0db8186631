package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A connection that does not read keeps none of the buffers that the kernel receives into. More connections than there
 * are buffers have a byte that they do not read, each in another buffer, and one more connection goes on to receive.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedBuffersTest {
    private static final long LONG = 20_000;

    /** The reason for which a connection does not read. */
    enum Reason {
        PAUSED,
        CANCELLED,
        CLOSED,
        INPUT_SHUT;

        /** Whether the bytes that the connection has received can be read later. */
        boolean keepsBytes() {
            return this == PAUSED || this == CANCELLED;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionThatDoesNotReadKeepsNoBuffer(Reason reason) throws Exception {
        SelectorProvider provider = Kernel.provider();
        List<Pair> holders = new ArrayList<>();
        try (Selector selector = provider.openSelector();
                Pair carrier = Pair.open(provider)) {
            carrier.channel().register(selector, SelectionKey.OP_READ);
            for (int i = 0; i <= ReceiveBuffers.COUNT; i++) {
                Pair holder = Pair.open(provider);
                holders.add(holder);
                hold(holder, i, selector);
                stop(holder.channel().keyFor(selector), reason);
                if (reason.keepsBytes()) {
                    holder.peer().getOutputStream().write(i); // arrives while the receive is being cancelled
                }
                carry(carrier, selector);
            }
            for (int i = 0; i < holders.size() && reason.keepsBytes(); i++) {
                ByteBuffer into = ByteBuffer.allocate(2);
                while (into.hasRemaining()) {
                    assertTrue(holders.get(i).channel().read(into) >= 0);
                }
                assertArrayEquals(new byte[] {(byte) i, (byte) i}, into.array());
            }
        } finally {
            for (Pair each : holders) {
                each.close();
            }
        }
    }

    /** The receive requests of the connections have ended, so that a pause cancels nothing and nothing completes. */
    @Test
    void aConnectionWithoutABufferGoesOnWhenTheOthersPauseAtOnce() throws Exception {
        SelectorProvider provider = Kernel.provider();
        List<Pair> holders = new ArrayList<>();
        try (Selector selector = provider.openSelector();
                Pair carrier = Pair.open(provider)) {
            UringKey key = (UringKey) carrier.channel().register(selector, SelectionKey.OP_READ);
            while (!isStarved(key)) {
                Pair holder = Pair.open(provider);
                holders.add(holder);
                hold(holder, holders.size(), selector);
                holder.peer().shutdownOutput();
                UringKey held = (UringKey) holder.channel().keyFor(selector);
                while (!held.input.isIdle()) {
                    selector.select(each -> {}, LONG);
                }
                carryUntilStarved(carrier, key, selector);
            }
            assertTrue(holders.size() >= ReceiveBuffers.COUNT);
            carrier.peer().getOutputStream().write(1);
            assertEquals(holders.size(), selector.select(each -> each.interestOps(0), LONG));
            assertEquals(1, selector.select(each -> assertEquals(key, each), 2_000), "nothing wakes the connection");
            assertTrue(carrier.channel().read(ByteBuffer.allocate(1000)) > 0);
        } finally {
            for (Pair each : holders) {
                each.close();
            }
        }
    }

    /** Whether the receive request of a connection has ended, and not because of its peer. */
    private static boolean isStarved(UringKey key) {
        return key.slot >= 0 && key.input.isIdle() && !key.input.isReady();
    }

    /** Receives more bytes than one buffer has, unless there is no further buffer. */
    private static void carryUntilStarved(Pair carrier, UringKey key, Selector selector) throws IOException {
        byte[] piece = new byte[1000];
        for (int i = 0; i <= ReceiveBuffers.SIZE / piece.length && !isStarved(key); i++) {
            carrier.peer().getOutputStream().write(piece);
            for (int[] left = {piece.length}; left[0] > 0 && !isStarved(key); ) {
                selector.select(each -> left[0] -= each == key ? read(carrier.channel()) : 0, LONG);
            }
        }
    }

    private static int read(SocketChannel channel) {
        try {
            return channel.read(ByteBuffer.allocate(1000));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets a connection receive one byte, which it does not read. */
    private static void hold(Pair pair, int value, Selector selector) throws IOException {
        SelectionKey key = pair.channel().register(selector, SelectionKey.OP_READ);
        selector.selectNow(each -> {});
        pair.peer().getOutputStream().write(value);
        int received = 0;
        while (received == 0) {
            int[] ready = new int[1];
            assertTrue(selector.select(each -> ready[0] += each == key ? 1 : 0, LONG) > 0);
            received = ready[0];
        }
    }

    private static void stop(SelectionKey key, Reason reason) throws IOException {
        switch (reason) {
            case PAUSED -> key.interestOps(0);
            case CANCELLED -> key.cancel();
            case CLOSED -> key.channel().close();
            case INPUT_SHUT -> assertEquals(-1, shutInput((SocketChannel) key.channel()));
        }
    }

    private static int shutInput(SocketChannel channel) throws IOException {
        return channel.shutdownInput().read(ByteBuffer.allocate(1));
    }

    /** Receives more bytes than one buffer has, so that the next byte is in another buffer. */
    private static void carry(Pair carrier, Selector selector) throws IOException {
        byte[] piece = new byte[1000]; // longer pieces are read from the socket
        SocketChannel channel = carrier.channel();
        for (int i = 0; i <= ReceiveBuffers.SIZE / piece.length; i++) {
            piece[0] = (byte) i;
            carrier.peer().getOutputStream().write(piece);
            ByteBuffer into = ByteBuffer.allocate(piece.length);
            while (into.hasRemaining()) {
                assertTrue(selector.select(each -> {}, LONG) > 0, "the carrier receives nothing more");
                channel.read(into);
            }
            assertArrayEquals(piece, into.array());
        }
    }
}
