package dev.tenon.ws.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The memory limit of one loop for bytes that slow peers have not read, over sockets. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OutboundLimitTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int LIMIT = 8 * 1024 * 1024;
    private static final int PIECE = 64 * 1024;

    private EventLoops loops;
    private EventLoop loop;
    private final List<Socket> peers = new ArrayList<>();

    /** Echoes bytes, and records the cause of its end. */
    private static final class Echo implements Protocol {
        final CompletableFuture<Link> link = new CompletableFuture<>();
        final CompletableFuture<@Nullable IOException> closed = new CompletableFuture<>();

        @Override
        public void received(ByteBuffer input) {
            link.join().write(input);
        }

        @Override
        public void inputEnded() {
            link.join().abort();
        }

        @Override
        public void tick(long nowNanos) {}

        @Override
        public void closed(@Nullable IOException cause) {
            closed.complete(cause);
        }
    }

    @BeforeEach
    void start() throws IOException {
        loops = EventLoops.start(
                1, LoopThreads.numbered("outbound-limit-test", true), EventLoops.defaultSockets(), LIMIT);
        loop = loops.next();
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket peer : peers) {
            peer.close();
        }
        assertTrue(loops.stop(Duration.ofSeconds(20)));
    }

    private Echo connect() throws Exception {
        Echo echo = new Echo();
        try (ServerSocket listener = new ServerSocket(0, 1, LOOPBACK)) {
            listener.setReceiveBufferSize(16 * 1024);
            SocketChannel channel = loop.provider().openSocketChannel();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, 16 * 1024); // otherwise it grows to megabytes
            loop.execute(() -> {
                try {
                    InetSocketAddress address = new InetSocketAddress(LOOPBACK, listener.getLocalPort());
                    echo.link.complete(Links.connect(loop, channel, address, null, null, link -> echo));
                } catch (IOException e) {
                    echo.link.completeExceptionally(e);
                }
            });
            Socket peer = listener.accept();
            peer.setSoTimeout(60_000);
            peers.add(peer);
        }
        return echo;
    }

    /** Sends a number of bytes on the loop; returns the number of bytes that wait on it. */
    private long send(Echo to, int length) throws Exception {
        return CompletableFuture.supplyAsync(
                        () -> {
                            for (int sent = 0; sent < length; sent += PIECE) {
                                to.link.join().write(ByteBuffer.allocate(PIECE));
                            }
                            return loop.buffers().charged();
                        },
                        loop)
                .get(60, TimeUnit.SECONDS);
    }

    @Test
    void theSlowestPeersAreClosedAndTheOthersDoNotNotice() throws Exception {
        Echo slowest = connect();
        Echo slow = connect();
        Echo good = connect();
        send(slow, LIMIT / 4);
        long charged = 0;
        for (int i = 0; i < 1000 && !slowest.closed.isDone(); i++) { // the system's buffers take the first bytes
            charged = send(slowest, PIECE);
            assertTrue(charged <= LIMIT, charged + " bytes wait");
        }
        IOException cause = slowest.closed.get(60, TimeUnit.SECONDS);
        assertTrue(String.valueOf(cause).contains("the peer is too slow"), () -> "closed for " + cause);
        assertTrue(charged <= LIMIT / 2, charged + " bytes wait still");
        assertFalse(slow.closed.isDone(), "less waits for it");
        byte[] hello = {1, 2, 3};
        Socket peer = peers.get(2);
        peer.getOutputStream().write(hello);
        assertArrayEquals(hello, peer.getInputStream().readNBytes(3));
        assertFalse(good.closed.isDone());
    }

    /** Sends shared frames on the loop; returns the number of bytes that wait on it. */
    private long share(Echo to, ByteBuffer... frames) throws Exception {
        return CompletableFuture.supplyAsync(
                        () -> {
                            for (ByteBuffer frame : frames) {
                                to.link.join().writeShared(frame);
                            }
                            to.link.join().flush();
                            return loop.buffers().charged();
                        },
                        loop)
                .get(60, TimeUnit.SECONDS);
    }

    @Test
    void aSharedFrameCountsOnceHoweverManyPeersWaitForIt() throws Exception {
        ByteBuffer[] frames = new ByteBuffer[LIMIT / 4 / PIECE];
        Arrays.setAll(frames, i -> ByteBuffer.allocateDirect(PIECE));
        List<Echo> room = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Echo member = connect();
            room.add(member);
            share(member, frames);
        }
        long charged = share(room.get(0));
        assertTrue(
                charged > LIMIT / 8 && charged < LIMIT / 2, "20 peers wait for the same 2 MiB; " + charged + " count");
        assertTrue(room.stream().noneMatch(member -> member.closed.isDone()));
    }

    @Test
    void sharedFramesOfManyRoomsStayWithinTheLimit() throws Exception {
        List<Echo> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ByteBuffer[] own = new ByteBuffer[LIMIT / 4 / PIECE];
            Arrays.setAll(own, each -> ByteBuffer.allocateDirect(PIECE));
            Echo member = connect();
            all.add(member);
            long charged = share(member, own);
            assertTrue(charged <= LIMIT, charged + " bytes wait");
        }
        long closed = all.stream().filter(each -> each.closed.isDone()).count();
        assertTrue(closed > 0 && closed < 20, closed + " of 20 were closed");
        for (Echo each : all) {
            each.link.join().execute(() -> each.link.join().abort());
            each.closed.get(60, TimeUnit.SECONDS);
        }
        assertEquals(0, share(all.get(0)), "memory of links that are closed");
    }

    @Test
    void framesThatAProtocolHoldsBackCountOnceAndUntilTheirEnd() throws Exception {
        Echo one = connect();
        Echo other = connect();
        ByteBuffer frame = ByteBuffer.allocate(PIECE);
        assertEquals(PIECE, holdBack(one, frame, true));
        assertEquals(PIECE, holdBack(other, frame, true));
        assertEquals(PIECE, holdBack(one, frame, false));
        other.link.join().execute(() -> other.link.join().abort());
        other.closed.get(60, TimeUnit.SECONDS);
        assertEquals(0, holdBack(other, frame, false));
    }

    private long holdBack(Echo by, ByteBuffer frame, boolean held) throws Exception {
        return CompletableFuture.supplyAsync(
                        () -> {
                            by.link.join().heldBack(frame, held);
                            return loop.buffers().charged();
                        },
                        loop)
                .get(60, TimeUnit.SECONDS);
    }

    @Test
    void manySlowPeersTogetherStayWithinTheBoundAndLeaveNothing() throws Exception {
        List<Echo> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            all.add(connect());
        }
        for (int round = 0; round < 60; round++) {
            for (Echo each : all) {
                long charged = send(each, PIECE);
                assertTrue(charged <= LIMIT, charged + " bytes wait");
            }
        }
        long closed = all.stream().filter(each -> each.closed.isDone()).count();
        assertTrue(closed > 0 && closed < 40, closed + " of 40 were closed");
        for (Socket peer : peers) {
            peer.close();
        }
        for (Echo each : all) {
            each.link.join().execute(() -> each.link.join().abort());
            each.closed.get(60, TimeUnit.SECONDS);
        }
        assertEquals(0, send(all.get(0), 0), "memory of links that are closed");
    }
}
