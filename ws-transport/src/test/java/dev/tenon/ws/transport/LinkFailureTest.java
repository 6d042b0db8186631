package dev.tenon.ws.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Links over sockets that fail at a place that the test chooses. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LinkFailureTest {
    private EventLoops loops;

    @BeforeEach
    void start() throws IOException {
        loops = EventLoops.start(1, "link-failure-test", true);
    }

    @AfterEach
    void stop() {
        assertTrue(loops.stop(Duration.ofSeconds(10)));
    }

    /** Records the link's events; may pause it. */
    private static final class Events implements Protocol {
        final List<String> seen = new ArrayList<>();
        final CompletableFuture<List<String>> closed = new CompletableFuture<>();

        @Nullable
        IOException cause;

        Consumer<ByteBuffer> onInput = input -> {};
        Runnable onProgress = () -> {};
        boolean leavesInput;

        @Override
        public void progressed() {
            onProgress.run();
        }

        @Override
        public void received(ByteBuffer input) {
            seen.add("received " + input.remaining());
            onInput.accept(input);
            if (leavesInput) {
                leavesInput = false;
            } else {
                input.position(input.limit());
            }
        }

        @Override
        public void inputEnded() {
            seen.add("end");
        }

        @Override
        public void tick(long nowNanos) {}

        @Override
        public long nextDeadline() {
            return Long.MAX_VALUE;
        }

        @Override
        public void closed(@Nullable IOException cause) {
            this.cause = cause;
            seen.add("closed");
            closed.complete(seen);
        }
    }

    private List<String> run(Socket socket, Events events, Consumer<Link> script) throws Exception {
        EventLoop loop = loops.next();
        CompletableFuture<Link> opened = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                Link link = new Link(loop, ignored -> socket, null, null);
                link.switchTo(events);
                link.connected();
                opened.complete(link);
            } catch (IOException e) {
                opened.completeExceptionally(e);
            }
        });
        Link link = opened.get();
        link.execute(() -> script.accept(link));
        return events.closed.get(20, TimeUnit.SECONDS);
    }

    private static void read(Link link) {
        try {
            link.readable();
        } catch (IOException e) {
            link.failed(e);
        }
    }

    @Test
    void bytesOfThePeerBeforeAFailedWriteAreReadFirst() throws Exception {
        IOException brokenPipe = new IOException("Broken pipe");
        ScriptedSocket socket = new ScriptedSocket()
                .failsToWrite(brokenPipe)
                .brings(new byte[7])
                .brings(new byte[3]);
        socket.failsToRead(new IOException("Connection reset"));
        Events events = new Events();
        List<String> seen = run(socket, events, link -> {
            link.reserve(1).put((byte) 1);
            link.flush();
            assertFalse(link.isClosed());
            assertTrue(socket.watchesInput);
            for (int i = 0; i < 3; i++) {
                read(link);
            }
        });
        assertEquals(List.of("received 7", "received 3", "end", "closed"), seen);
        assertSame(brokenPipe, events.cause);
        assertTrue(socket.closed);
    }

    @Test
    void afterAFailedWriteNothingIsCountedAsSent() throws Exception {
        ScriptedSocket socket = new ScriptedSocket()
                .failsToWrite(new IOException("Broken pipe"))
                .brings(new byte[1])
                .ends();
        Events events = new Events();
        List<Long> backlogs = new ArrayList<>();
        run(socket, events, link -> {
            link.write(ByteBuffer.allocate(20_000));
            backlogs.add(link.backlog());
            link.reserve(5).put(new byte[5]);
            link.flush();
            backlogs.add(link.backlog());
            read(link);
            read(link);
            backlogs.add(link.backlog());
        });
        assertEquals(List.of(20_000L, 20_005L, 20_005L), backlogs);
    }

    @Test
    void aLinkThatReadsNoMoreIsClosedWhenWritingFails() throws Exception {
        IOException brokenPipe = new IOException("Broken pipe");
        Events events = new Events();
        List<String> seen = run(new ScriptedSocket().failsToWrite(brokenPipe), events, link -> {
            link.pauseInput();
            link.reserve(1).put((byte) 1);
        });
        assertEquals(List.of("closed"), seen);
        assertSame(brokenPipe, events.cause);
    }

    @Test
    void aPausedProtocolIsNotifiedOfAFailedWrite() throws Exception {
        IOException brokenPipe = new IOException("Broken pipe");
        Events events = new Events();
        ScriptedSocket socket = new ScriptedSocket().failsToWrite(brokenPipe).brings(new byte[7]);
        List<String> seen = run(socket, events, link -> {
            events.onInput = input -> link.pauseInput();
            link.reserve(1).put((byte) 1);
            link.flush();
            read(link);
        });
        assertEquals(List.of("received 7", "closed"), seen);
        assertSame(brokenPipe, events.cause);
    }

    @Test
    void bytesReadBeforeAFailedWriteAreDeliveredFirst() throws Exception {
        IOException brokenPipe = new IOException("Broken pipe");
        Events events = new Events();
        ScriptedSocket socket = new ScriptedSocket()
                .failsToWrite(brokenPipe)
                .brings(new byte[7])
                .failsToRead(new IOException("reset"));
        List<String> seen = run(socket, events, link -> {
            events.onInput = input -> {
                events.onInput = all -> {};
                input.position(input.position() + 2);
                link.pauseInput();
                events.leavesInput = true;
            };
            read(link);
            link.reserve(1).put((byte) 1); // as a listener does in onOpen, while frames after the 101 wait
            link.flush();
            assertFalse(link.isClosed());
            link.resume();
            link.later(() -> read(link));
        });
        assertEquals(List.of("received 7", "received 5", "end", "closed"), seen);
        assertSame(brokenPipe, events.cause);
    }

    @Test
    void recordsOfALinkThatFailsNeverReachAnotherOne() throws Exception {
        EventLoop loop = loops.next();
        SlowSocket healthy = new SlowSocket(new Random(0), Integer.MAX_VALUE);
        CompletableFuture<String> sent = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                TlsScratch scratch = loop.buffers().tls();
                Link broken = new Link(
                        loop, ignored -> new ScriptedSocket().failsToWrite(new IOException("Broken pipe")), null, null);
                broken.switchTo(new Events());
                scratch.wire.put("secret".getBytes(US_ASCII));
                scratch.sendWire(broken);
                broken.abort();
                Link other = new Link(loop, ignored -> healthy, null, null);
                other.switchTo(new Events());
                scratch.wire.put("for the other".getBytes(US_ASCII));
                scratch.sendWire(other);
                other.abort();
                sent.complete(healthy.written().toString(US_ASCII));
            } catch (Throwable e) {
                sent.completeExceptionally(e);
            }
        });
        assertEquals("for the other", sent.get(20, TimeUnit.SECONDS));
    }

    /** A protocol that hears of progress reports what has left, so that bytes in the cork must not look as if they had. */
    @Test
    void bytesOfTheSameEventCountAsWaitingWhenThereIsProgress() throws Exception {
        SlowSocket socket = new SlowSocket(new Random(0), 0);
        Events events = new Events();
        List<Long> accounts = new ArrayList<>();
        run(socket, events, link -> {
            link.write(ByteBuffer.allocate(100));
            events.onProgress = () -> accounts.add(socket.written().size() + link.backlog());
            socket.takeAtMost(Integer.MAX_VALUE);
            link.reserve(5).put(new byte[5]);
            link.writable();
            link.finish();
        });
        assertEquals(List.of(105L), accounts);
    }

    /** With any number of shared frames before, so that the cork gets full at every place of the last frames. */
    @Test
    void anyMixtureOfFramesInOneEventLeavesInOrder() throws Exception {
        for (int before = 0; before <= 70; before++) {
            for (int last = 0; last < 3; last++) {
                SlowSocket socket = new SlowSocket(new Random(0), Integer.MAX_VALUE);
                ByteArrayOutputStream expected = new ByteArrayOutputStream();
                write(socket, expected, before, last);
                assertArrayEquals(expected.toByteArray(), socket.written().toByteArray(), before + " shared frames");
            }
        }
    }

    private void write(SlowSocket socket, ByteArrayOutputStream expected, int sharedBefore, int last) throws Exception {
        Random random = new Random(sharedBefore);
        Events events = new Events();
        run(socket, events, link -> {
            for (int i = 0; i < sharedBefore; i++) {
                link.writeShared(direct(next(random, 10_000, expected)).asReadOnlyBuffer());
            }
            link.reserve(3).put(next(random, 3, expected));
            link.writeShared(direct(next(random, 10_000, expected)).asReadOnlyBuffer());
            link.reserve(4).put(next(random, 4, expected));
            byte[] body = next(random, 70_000, expected);
            switch (last) {
                case 0 -> link.write(ByteBuffer.wrap(body));
                case 1 -> link.write(direct(body));
                default -> link.gather(() -> link.write(direct(body)));
            }
            link.finish();
        });
        assertNull(events.cause);
    }

    private static byte[] next(Random random, int length, ByteArrayOutputStream expected) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        expected.writeBytes(bytes);
        return bytes;
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    @Test
    void aDeferredTaskThatThrowsFailsItsOwnLinkOnly() throws Exception {
        Events broken = new Events();
        Events healthy = new Events();
        RuntimeException deliberate = new IllegalStateException("deliberate: a test wants to see this");
        List<String> seen = run(
                new ScriptedSocket(),
                broken,
                link -> link.later(() -> {
                    throw deliberate;
                }));
        assertEquals(List.of("closed"), seen);
        IOException cause = broken.cause;
        assertSame(deliberate, cause == null ? null : cause.getCause());
        run(new ScriptedSocket(), healthy, link -> {
            link.execute(() -> healthy.seen.add("still here"));
            link.execute(link::abort);
        });
        assertEquals(List.of("still here", "closed"), healthy.seen);
    }

    /** A chain of deferred tasks, such as completions that send again, lets others run in between and ends. */
    @Test
    void aChainOfDeferredTasksDoesNotDelayOtherLinks() throws Exception {
        Events events = new Events();
        int length = 10_000;
        int[] done = {0};
        List<Integer> doneBefore = new ArrayList<>();
        run(new ScriptedSocket(), events, link -> {
            link.later(new Runnable() {
                @Override
                public void run() {
                    if (++done[0] < length) {
                        link.later(this);
                    } else {
                        link.abort();
                    }
                }
            });
            link.execute(() -> doneBefore.add(done[0]));
        });
        assertEquals(length, done[0]);
        assertTrue(doneBefore.get(0) <= 4 * 64, doneBefore + " pieces before the next task");
    }

    @Test
    void aLinkWhoseProtocolCannotBeCreatedLeavesNothing() throws Exception {
        EventLoop loop = loops.next();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketChannel channel = loop.provider().openSocketChannel();
            channel.configureBlocking(false);
            boolean unused = channel.connect(server.getLocalAddress());
            loop.execute(() -> {
                try {
                    Links.accepted(loop, channel, null, null, link -> {
                        throw new IllegalStateException("deliberate");
                    });
                } catch (Throwable e) {
                    thrown.complete(e);
                }
            });
            assertEquals("deliberate", thrown.get(20, TimeUnit.SECONDS).getMessage());
            assertFalse(channel.isOpen());
            assertEquals(0, loops.links());
        }
    }
}
