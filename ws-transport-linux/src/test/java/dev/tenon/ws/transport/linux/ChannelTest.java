package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The guarantees of the channels of {@code java.nio} that event loops need. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChannelTest extends ChannelTestBase {
    @Test
    void bytesGoBothWaysHoweverMany() throws Exception {
        byte[] sent = new byte[6_000_000];
        new Random(5).nextBytes(sent);
        try (Pair pair = Pair.open(provider)) {
            CompletableFuture<byte[]> echoed = CompletableFuture.supplyAsync(() -> exchange(pair.peer(), sent));
            ByteBuffer into = ByteBuffer.allocateDirect(48_000);
            int total = 0;
            while (total < sent.length) {
                await(pair.channel(), SelectionKey.OP_READ);
                int read = pair.channel().read(into.clear());
                total += read;
                into.flip();
                while (into.hasRemaining()) {
                    if (pair.channel().write(into) == 0) {
                        await(pair.channel(), SelectionKey.OP_WRITE);
                    }
                }
            }
            while (!echoed.isDone()) { // the last bytes leave with the next selects
                selector.select(key -> {}, 10);
            }
            assertArrayEquals(sent, echoed.get());
        }
    }

    /** Sends all bytes, and returns the same number of received bytes. */
    private static byte[] exchange(Socket peer, byte[] bytes) {
        Thread sender = new Thread(() -> {
            try {
                peer.getOutputStream().write(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        sender.start();
        try {
            return peer.getInputStream().readNBytes(bytes.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void buffersOfAllKindsLeaveInOrder() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            ByteBuffer[] parts = {
                ByteBuffer.wrap(new byte[] {0, 1, 2}, 1, 2),
                ByteBuffer.allocateDirect(2).put(0, (byte) 3).put(1, (byte) 4),
                ByteBuffer.allocate(0),
                ByteBuffer.wrap(new byte[3000]).asReadOnlyBuffer(),
                ByteBuffer.allocateDirect(5000)
            };
            assertEquals(8004, pair.channel().write(parts));
            byte[] got = pair.peer().getInputStream().readNBytes(8004);
            assertArrayEquals(new byte[] {1, 2, 3, 4, 0}, Arrays.copyOf(got, 5));
            for (ByteBuffer part : parts) {
                assertFalse(part.hasRemaining());
            }
        }
    }

    @Test
    void aReadIntoSeveralBuffersFillsThemInOrder() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            ByteBuffer[] into = {ByteBuffer.allocate(2), ByteBuffer.allocate(0), ByteBuffer.allocateDirect(2)};
            pair.channel().register(selector, SelectionKey.OP_READ);
            selector.selectNow();
            assertEquals(0, pair.channel().read(into));
            pair.peer().getOutputStream().write(new byte[] {1, 2, 3});
            await(pair.channel(), SelectionKey.OP_READ);
            assertEquals(3, pair.channel().read(into));
            assertEquals(3, into[2].get(0));
            pair.peer().shutdownOutput();
            await(pair.channel(), SelectionKey.OP_READ);
            selector.selectNow(each -> {});
            assertEquals(-1, pair.channel().read(into));
        }
    }

    @Test
    void theEndOfThePeersDirectionIsReadAndOursStaysOpen() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            pair.peer().getOutputStream().write(5);
            pair.peer().shutdownOutput();
            await(pair.channel(), SelectionKey.OP_READ);
            ByteBuffer into = ByteBuffer.allocate(16);
            int read;
            while ((read = pair.channel().read(into)) >= 0) {
                if (read == 0) {
                    await(pair.channel(), SelectionKey.OP_READ);
                }
            }
            assertEquals(1, into.position());
            assertEquals(-1, pair.channel().read(into));
            pair.channel().write(ByteBuffer.wrap(new byte[] {6}));
            selector.selectNow();
            assertEquals(6, pair.peer().getInputStream().read());
            pair.channel().shutdownOutput();
            assertEquals(-1, pair.peer().getInputStream().read());
            assertThrows(ClosedChannelException.class, () -> pair.channel().write(ByteBuffer.allocate(1)));
        }
    }

    @Test
    @SuppressWarnings("try") // closed twice, once on purpose
    void aResetIsAFailure() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            pair.channel().register(selector, SelectionKey.OP_READ);
            selector.selectNow();
            pair.peer().setSoLinger(true, 0);
            pair.peer().close();
            await(pair.channel(), SelectionKey.OP_READ);
            IOException reset =
                    assertThrows(IOException.class, () -> pair.channel().read(ByteBuffer.allocate(1)));
            assertEquals("Connection reset", reset.getMessage());
            assertThrows(IOException.class, () -> {
                while (true) {
                    pair.channel().write(ByteBuffer.allocate(1));
                }
            });
        }
    }

    @Test
    void aPausedChannelReceivesNothingMoreAndGoesOnWhereItWas() throws Exception {
        try (Pair paused = Pair.open(provider);
                Pair other = Pair.open(provider)) {
            SelectionKey key = paused.channel().register(selector, SelectionKey.OP_READ);
            selector.selectNow();
            key.interestOps(0);
            byte[] much = new byte[3_000_000]; // more than all buffers of the selector
            new Random(3).nextBytes(much);
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                try {
                    paused.peer().getOutputStream().write(much);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            for (int i = 0; i < 100; i++) {
                other.peer().getOutputStream().write(i);
                await(other.channel(), SelectionKey.OP_READ);
                assertEquals(1, other.channel().read(ByteBuffer.allocate(4)));
            }
            ByteBuffer all = ByteBuffer.allocate(much.length);
            while (all.hasRemaining()) {
                await(paused.channel(), SelectionKey.OP_READ);
                paused.channel().read(all);
            }
            sending.get();
            assertArrayEquals(much, all.array());
        }
    }

    @Test
    @SuppressWarnings("try") // closed twice, once on purpose
    void oneThatReadsSlowlyKeepsNoOtherFromReceiving() throws Exception {
        try (Pair slow = Pair.open(provider);
                Pair other = Pair.open(provider)) {
            slow.channel().register(selector, SelectionKey.OP_READ);
            other.channel().register(selector, SelectionKey.OP_READ);
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                try {
                    slow.peer().getOutputStream().write(new byte[20_000_000]);
                } catch (IOException closed) {
                    // the test is over
                }
            });
            ByteBuffer little = ByteBuffer.allocate(100);
            for (int i = 0; i < 50; i++) {
                other.peer().getOutputStream().write(i);
                int[] got = new int[1];
                while (got[0] == 0) {
                    assertTrue(selector.select(key -> got[0] += readLittle(key, other.channel(), little), LONG) > 0);
                }
            }
            slow.close();
            sending.get();
        }
    }

    /** Reads up to 100 bytes; counts those of one channel. */
    private static int readLittle(SelectionKey key, SocketChannel counted, ByteBuffer into) {
        try {
            int read = ((SocketChannel) key.channel()).read(into.clear());
            return key.channel() == counted ? read : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aReadWithoutInterestReadsTheSocketItself() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            assertEquals(0, pair.channel().read(ByteBuffer.allocate(1)));
            pair.channel().register(selector, 0);
            selector.selectNow();
            pair.peer().getOutputStream().write(8);
            ByteBuffer into = ByteBuffer.allocateDirect(4);
            while (into.position() == 0) {
                assertTrue(pair.channel().read(into) >= 0);
            }
            assertEquals(8, into.get(0));
        }
    }
}
