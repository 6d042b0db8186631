package dev.tenon.ws.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import org.jspecify.annotations.Nullable;

/**
 * The laws of a link with any behaviour of its socket: two links of one loop take turns, and share its cork and its
 * buffers.
 */
class LinkProperties {
    private static final EventLoops LOOPS = start();

    private static EventLoops start() {
        try {
            return EventLoops.start(1, "link-properties", true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterContainer
    static void stop() {
        assertTrue(LOOPS.stop(Duration.ofSeconds(20)));
    }

    /** A link, all bytes written to it, and all its events. */
    private static final class LinkUnderTest implements Protocol {
        final Random random;
        final UnreliableSocket socket;
        final Link link;
        final ByteArrayOutputStream written = new ByteArrayOutputStream();
        /** The number of bytes written before the output was ended; negative if it was not. */
        long end = -1;

        boolean takesAll;
        long received;
        int ends;
        int closes;

        LinkUnderTest(EventLoop loop, long seed, double failureRate) throws IOException {
            random = new Random(seed);
            socket = new UnreliableSocket(random, failureRate);
            link = new Link(loop, opened -> socket, null, null);
            link.switchTo(this);
            link.connected();
        }

        @Override
        public void received(ByteBuffer input) {
            assertEquals(0, closes, "received after closed");
            int length =
                    !takesAll && random.nextInt(3) == 0 ? random.nextInt(input.remaining() + 1) : input.remaining();
            for (int i = 0; i < length; i++) {
                assertEquals(UnreliableSocket.incoming(received++), input.get());
            }
            if (!takesAll && random.nextInt(5) == 0) {
                link.pauseInput();
            }
        }

        @Override
        public void inputEnded() {
            assertEquals(0, closes, "the end of the input after closed");
            ends++;
        }

        @Override
        public void tick(long nowNanos) {}

        @Override
        public long nextDeadline() {
            return Long.MAX_VALUE;
        }

        @Override
        public void closed(@Nullable IOException cause) {
            closes++;
        }

        void step() {
            switch (random.nextInt(14)) {
                case 0, 1, 2 -> reserve(1 + random.nextInt(8_000));
                case 3 -> link.write(next(random.nextInt(60_000), false));
                case 4 -> link.write(next(random.nextInt(60_000), true));
                case 5 -> share(random.nextInt(8) == 0 ? 40 : 1);
                case 6, 7, 8 -> read();
                case 9, 10 -> proceed();
                case 11 -> link.resume();
                case 12 -> link.flush();
                default -> end();
            }
        }

        private ByteBuffer next(int length, boolean direct) {
            ByteBuffer bytes = direct ? ByteBuffer.allocateDirect(length) : ByteBuffer.allocate(length);
            byte[] content = new byte[length];
            random.nextBytes(content);
            if (end < 0) {
                written.writeBytes(content);
            }
            return end < 0 ? bytes.put(content).flip() : ByteBuffer.allocate(0);
        }

        /** Sends shared frames, with bytes of the cork in front of some. */
        private void share(int most) {
            for (int i = random.nextInt(most); i >= 0; i--) {
                if (random.nextInt(4) == 0) {
                    reserve(1 + random.nextInt(8));
                }
                link.writeShared(next(1 + random.nextInt(20_000), true).asReadOnlyBuffer());
            }
        }

        private void reserve(int length) {
            link.reserve(length).put(next(length, false));
        }

        private void read() {
            if (socket.watchesInput && !link.isClosed()) {
                try {
                    link.readable();
                } catch (IOException e) {
                    link.failed(e);
                }
            }
        }

        private void proceed() {
            if (socket.watchesRoom && !link.isClosed()) {
                link.writable();
            }
        }

        private void end() {
            switch (random.nextInt(12)) {
                case 0 -> link.abort();
                case 1 -> link.close(new IOException("deliberate"));
                case 2 -> {
                    end = end < 0 ? written.size() : end;
                    link.finish();
                }
                case 3, 4 -> {
                    end = end < 0 ? written.size() : end;
                    link.shutdownOutput();
                }
                default -> link.flush();
            }
        }

        /** Checks the laws that hold after every event. */
        void check() {
            byte[] taken = socket.taken.toByteArray();
            assertTrue(taken.length <= written.size());
            assertArrayEquals(Arrays.copyOf(written.toByteArray(), taken.length), taken, "not what was written");
            assertTrue(received <= socket.brought);
            assertTrue(closes <= 1 && ends <= 1);
            assertEquals(link.isClosed(), socket.closed);
            assertEquals(link.isClosed(), closes == 1, "an event is over, and the protocol has not been told");
            if (!link.isClosed()) {
                assertEquals(written.size(), taken.length + link.backlog(), "what waits is what has not left");
            }
            if (socket.shutDown) {
                assertEquals(end, taken.length, "ended before all had left");
            }
        }

        /** Reads all input, and sends as much as the socket accepts. */
        void settle() {
            takesAll = true;
            for (int i = 0; i < 20; i++) {
                proceed();
            }
            link.pauseInput(); // bytes that were left without a pause come with the next ones, or when the link resumes
            link.resume();
        }

        void checkSettled() {
            check();
            if (!link.isClosed() && !link.isBroken()) {
                assertEquals(0, link.backlog(), "the socket goes on, and something waits still");
                assertEquals(socket.brought, received, "what has come was not received");
            }
        }
    }

    @Property(tries = 150)
    void nothingIsLostOrMixedUpOrReportedTwice(@ForAll long seed, @ForAll boolean fails) throws Exception {
        EventLoop loop = LOOPS.next();
        double rate = fails ? 0.02 : 0;
        List<LinkUnderTest> trials =
                on(loop, () -> List.of(new LinkUnderTest(loop, seed, rate), new LinkUnderTest(loop, seed + 1, rate)));
        Random random = new Random(seed);
        for (int event = 0; event < 60; event++) {
            forEach(loop, List.of(trials.get(0)), first -> {
                for (int steps = random.nextInt(5); steps >= 0; steps--) {
                    trials.get(random.nextInt(2)).step();
                }
            });
            forEach(loop, trials, LinkUnderTest::check);
        }
        for (int turn = 0; turn < 20; turn++) {
            forEach(loop, trials, LinkUnderTest::settle);
        }
        forEach(loop, trials, LinkUnderTest::checkSettled);
        forEach(loop, trials, trial -> trial.link.close(null));
        forEach(loop, trials, LinkUnderTest::check);
        assertEquals(0, on(loop, () -> loop.buffers().charged()), "memory of links that are closed");
        assertEquals(0, LOOPS.links());
    }

    private static void forEach(EventLoop loop, List<LinkUnderTest> trials, Consumer<LinkUnderTest> step)
            throws Exception {
        on(loop, () -> {
            trials.forEach(step);
            return trials;
        });
    }

    private interface Step<T> {
        T run() throws Exception;
    }

    /** Runs an event on the loop, and returns after its deferred tasks have run. */
    private static <T> T on(EventLoop loop, Step<T> step) throws Exception {
        CompletableFuture<T> done = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                done.complete(step.run());
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        return done.get(30, TimeUnit.SECONDS);
    }
}
