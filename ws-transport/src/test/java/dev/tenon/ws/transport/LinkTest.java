package dev.tenon.ws.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Links over real sockets of the loopback interface; the other end is a blocking socket of the JDK. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LinkTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private EventLoops loops;
    private ServerSocket listener;

    @BeforeEach
    void start() throws IOException {
        loops = EventLoops.start(1, "link-test", true);
        listener = new ServerSocket(0, 50, LOOPBACK);
    }

    @AfterEach
    void stop() throws IOException {
        loops.stop(Duration.ZERO);
        assertEquals(0, loops.links());
        listener.close();
    }

    /** A protocol that records how it ended. */
    private static class Recorder implements Protocol {
        final Link link;
        final CompletableFuture<Boolean> opened = new CompletableFuture<>();
        final CompletableFuture<Optional<IOException>> closed = new CompletableFuture<>();
        final CompletableFuture<Boolean> ended = new CompletableFuture<>();

        Recorder(Link link) {
            this.link = link;
        }

        @Override
        public void opened() {
            opened.complete(true);
        }

        @Override
        public void received(ByteBuffer input) {
            input.position(input.limit());
        }

        @Override
        public void inputEnded() {
            ended.complete(true);
        }

        @Override
        public void tick(long nowNanos) {}

        @Override
        public void closed(@Nullable IOException cause) {
            assertTrue(closed.complete(Optional.ofNullable(cause)), "closed twice");
        }
    }

    private Socket accept() throws IOException {
        Socket peer = listener.accept();
        peer.setSoTimeout(10_000);
        return peer;
    }

    private <P extends Recorder> P connect(Function<Link, P> protocol) throws Exception {
        CompletableFuture<P> made = new CompletableFuture<>();
        EventLoop loop = loops.next();
        SocketChannel channel = loop.provider().openSocketChannel();
        channel.configureBlocking(false);
        InetSocketAddress remote = new InetSocketAddress(LOOPBACK, listener.getLocalPort());
        loop.execute(() -> {
            try {
                Links.connect(loop, channel, remote, null, null, link -> {
                    P p = protocol.apply(link);
                    made.complete(p);
                    return p;
                });
            } catch (IOException e) {
                made.completeExceptionally(e);
            }
        });
        P recorder = made.get();
        assertTrue(recorder.opened.get(10, TimeUnit.SECONDS));
        return recorder;
    }

    @Test
    void allWrittenBytesLeaveBeforeTheEndHoweverSlowThePeer() throws Exception {
        byte[] sent = new byte[24_000_000];
        new Random(7).nextBytes(sent);
        CompletableFuture<Long> backlog = new CompletableFuture<>();
        Recorder recorder = connect(Recorder::new);
        try (Socket peer = accept()) {
            recorder.link.loop().execute(() -> {
                for (int at = 0; at < sent.length; ) {
                    int small = Math.min(1000, sent.length - at);
                    recorder.link.reserve(small).put(sent, at, small);
                    at += small;
                    int large = Math.min(70_000, sent.length - at);
                    recorder.link.write(ByteBuffer.wrap(sent, at, large));
                    at += large;
                }
                backlog.complete(recorder.link.backlog());
                recorder.link.finish();
            });
            assertTrue(backlog.get() > 0, "the peer has read nothing, so most of it waits");
            assertArrayEquals(sent, peer.getInputStream().readAllBytes());
        }
        assertEquals(Optional.empty(), recorder.closed.get(10, TimeUnit.SECONDS));
        assertEquals(0, recorder.link.backlog());
    }

    @Test
    void bytesWrittenRightAfterTheBacklogHasLeftAreNotLost() throws Exception {
        int length = 24_000_000;
        class Continuing extends Recorder {
            private boolean continued;

            Continuing(Link link) {
                super(link);
            }

            @Override
            public void progressed() {
                if (link.backlog() == 0 && !continued) {
                    continued = true;
                    link.write(ByteBuffer.allocate(length));
                    link.finish();
                }
            }
        }
        Continuing recorder = connect(Continuing::new);
        try (Socket peer = accept()) {
            recorder.link.loop().execute(() -> recorder.link.write(ByteBuffer.allocate(length)));
            assertEquals(2 * length, peer.getInputStream().readAllBytes().length);
        }
        assertEquals(Optional.empty(), recorder.closed.get(10, TimeUnit.SECONDS));
    }

    /** Two links are ready, and the event of the first closes the second. */
    @Test
    void anEventOfALinkThatWasJustClosedIsIgnored() throws Exception {
        Recorder recorder = connect(Recorder::new);
        CompletableFuture<Boolean> ignored = new CompletableFuture<>();
        EventLoop loop = recorder.link.loop();
        loop.execute(() -> {
            SelectionKey key = loop.selector().keys().stream()
                    .filter(each -> each.attachment() == recorder.link.output.socket())
                    .findAny()
                    .orElseThrow();
            recorder.link.abort();
            try {
                ((SelectionHandler) key.attachment()).ready(key);
                ignored.complete(true);
            } catch (IOException | RuntimeException e) {
                ignored.completeExceptionally(e);
            }
        });
        assertTrue(ignored.get(10, TimeUnit.SECONDS));
    }

    @Test
    void outputEndsAloneAndInputGoesOn() throws Exception {
        Recorder recorder = connect(Recorder::new);
        try (Socket peer = accept()) {
            recorder.link.loop().execute(() -> {
                recorder.link.reserve(3).put(new byte[] {1, 2, 3});
                recorder.link.shutdownOutput();
            });
            assertArrayEquals(new byte[] {1, 2, 3}, peer.getInputStream().readAllBytes());
            assertFalse(recorder.ended.isDone());
            peer.getOutputStream().write(9);
            peer.shutdownOutput();
            assertTrue(recorder.ended.get(10, TimeUnit.SECONDS));
            recorder.link.loop().execute(recorder.link::finish);
            assertEquals(Optional.empty(), recorder.closed.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void bytesLeftBeforeAPauseComeFirstAfterIt() throws Exception {
        CompletableFuture<byte[]> all = new CompletableFuture<>();
        class RejectingProtocol extends Recorder {
            private final byte[] taken = new byte[1000];
            private int count;

            RejectingProtocol(Link link) {
                super(link);
            }

            @Override
            public void received(ByteBuffer input) {
                taken[count++] = input.get(); // consumes one byte per call, then pauses
                if (count == taken.length) {
                    all.complete(taken);
                }
                link.pauseInput();
                link.loop().execute(link::resume);
            }
        }
        RejectingProtocol rejecting = connect(RejectingProtocol::new);
        byte[] sent = new byte[1000];
        new Random(3).nextBytes(sent);
        try (Socket peer = accept()) {
            peer.getOutputStream().write(sent);
            assertArrayEquals(sent, all.get(20, TimeUnit.SECONDS));
            rejecting.link.loop().execute(rejecting.link::abort);
            assertEquals(Optional.empty(), rejecting.closed.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void aResetIsTheCauseOfTheEnd() throws Exception {
        Recorder recorder = connect(Recorder::new);
        Socket peer = accept();
        peer.setSoLinger(true, 0);
        peer.close();
        assertInstanceOf(
                IOException.class, recorder.closed.get(10, TimeUnit.SECONDS).orElse(null));
    }

    @Test
    void aProtocolThatThrowsEndsItsOwnLinkOnly() throws Exception {
        Recorder broken = connect(link -> new Recorder(link) {
            @Override
            public void received(ByteBuffer input) {
                throw new IllegalStateException("deliberate: a test wants to see this");
            }
        });
        try (Socket first = accept()) {
            Recorder healthy = connect(Recorder::new);
            try (Socket second = accept()) {
                first.getOutputStream().write(1);
                IOException cause = broken.closed.get(10, TimeUnit.SECONDS).orElseThrow();
                assertEquals(
                        "deliberate: a test wants to see this",
                        Objects.requireNonNull(cause.getCause()).getMessage());
                healthy.link.loop().execute(() -> healthy.link.reserve(1).put((byte) 5));
                assertEquals(5, second.getInputStream().read());
                assertFalse(healthy.link.isClosed());
            }
        }
    }

    /** Neither the channels nor the end prevents it: {@link #stop} waits for it. */
    @Test
    void tasksThatAddTasksDelayNoOtherWork() throws Exception {
        Recorder link = connect(link1 -> new Recorder(link1) {
            @Override
            public void received(ByteBuffer input) {
                link.reserve(input.remaining()).put(input);
            }
        });
        EventLoop loop = link.link.loop();
        Runnable endless = new Runnable() {
            @Override
            public void run() {
                try {
                    loop.execute(this);
                } catch (RejectedExecutionException stopped) {
                    // at last
                }
            }
        };
        for (int i = 0; i < 10; i++) {
            loop.execute(endless);
        }
        try (Socket peer = accept()) {
            peer.getOutputStream().write(7);
            assertEquals(7, peer.getInputStream().read());
        }
        assertTrue(link.ended.get(10, TimeUnit.SECONDS));
    }

    @Test
    void bytesOfSeveralLinksInOneEventDoNotMix() throws Exception {
        Recorder one = connect(Recorder::new);
        Socket onePeer = accept();
        Recorder two = connect(Recorder::new);
        Socket twoPeer = accept();
        one.link.loop().execute(() -> {
            for (int i = 0; i < 100; i++) {
                one.link.reserve(1).put((byte) 1);
                two.link.reserve(1).put((byte) 2);
                two.link.write(ByteBuffer.wrap(new byte[] {2, 2}));
            }
        });
        assertAll(onePeer.getInputStream(), 100, (byte) 1);
        assertAll(twoPeer.getInputStream(), 300, (byte) 2);
        onePeer.close();
        twoPeer.close();
    }

    private static void assertAll(InputStream in, int count, byte value) throws IOException {
        for (byte b : in.readNBytes(count)) {
            assertEquals(value, b);
        }
    }

    @Test
    void aConnectWithoutAListenerFailsTheLink() throws Exception {
        int port = listener.getLocalPort();
        listener.close();
        CompletableFuture<Optional<IOException>> failure = new CompletableFuture<>();
        EventLoop loop = loops.next();
        SocketChannel channel = loop.provider().openSocketChannel();
        channel.configureBlocking(false);
        loop.execute(() -> {
            try {
                Links.connect(
                        loop, channel, new InetSocketAddress(LOOPBACK, port), null, null, link -> new Recorder(link) {
                            @Override
                            public void closed(@Nullable IOException cause) {
                                failure.complete(Optional.ofNullable(cause));
                            }
                        });
            } catch (IOException refusedAtOnce) {
                failure.complete(Optional.of(refusedAtOnce));
            }
        });
        assertTrue(failure.get(10, TimeUnit.SECONDS).isPresent());
    }

    @Test
    void loopsCannotWaitForThemselves() throws Exception {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        loops.next()
                .execute(() ->
                        thrown.complete(assertThrows(IllegalStateException.class, () -> loops.stop(Duration.ZERO))));
        assertInstanceOf(IllegalStateException.class, thrown.get(10, TimeUnit.SECONDS));
        assertNull(loops.all().stream().filter(EventLoop::inLoop).findAny().orElse(null));
    }
}
