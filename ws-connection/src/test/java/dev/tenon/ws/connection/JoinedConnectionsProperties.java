package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.frame.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/**
 * Two connections, each on its own thread, are joined by pipes. Workers send on both ends and close or abort them; the
 * laws hold for any order.
 */
class JoinedConnectionsProperties {
    private static final int NEVER = Integer.MAX_VALUE;
    private static final long STEP = 100_000_000;

    private static ExecutorService workers = Executors.newCachedThreadPool();

    @BeforeContainer
    static void start() {
        workers = Executors.newCachedThreadPool();
    }

    @AfterContainer
    static void stop() throws InterruptedException {
        workers.shutdown();
        assertTrue(workers.awaitTermination(60, TimeUnit.SECONDS));
    }

    @Property(tries = 60, shrinking = ShrinkingMode.OFF)
    void onPipesThatHoldAllAcceptedMessagesArriveInOrder(@ForAll long seed) throws Exception {
        try (Pair pair = new Pair(new Random(seed), NEVER)) {
            pair.work(false);
            pair.endsOnBothSides();
            for (JoinedEnd end : pair.ends) {
                assertTrue(end.listener.end().wasClean(), () -> "" + end.connection.closeEvent());
            }
            pair.client.hasReceivedWhatLeft(pair.server, true);
            pair.server.hasReceivedWhatLeft(pair.client, true);
        }
    }

    @Property(tries = 140, shrinking = ShrinkingMode.OFF)
    void noEndOfTheConnectionsLosesAMessageSilently(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        try (Pair pair = new Pair(random, random.nextBoolean() ? NEVER : random.nextInt(20_000))) {
            pair.work(true);
            pair.endsOnBothSides();
            pair.client.hasReceivedWhatLeft(pair.server, false);
            pair.server.hasReceivedWhatLeft(pair.client, false);
        }
    }

    private static final class Pair implements AutoCloseable {
        final JoinedEnd client;
        final JoinedEnd server;
        final List<JoinedEnd> ends;
        private final Random random;
        private long now;

        Pair(Random random, int untilBreak) {
            this.random = random;
            client = end(Role.CLIENT, untilBreak);
            server = end(Role.SERVER, NEVER);
            ends = List.of(client, server);
            client.pipe.join(server.pipe, client.connection);
            server.pipe.join(client.pipe, server.connection);
            for (JoinedEnd end : ends) {
                end.pipe.event(end.connection::open);
            }
        }

        private JoinedEnd end(Role role, int untilBreak) {
            @Nullable ExecutorService executor = random.nextBoolean() ? workers : null;
            return new JoinedEnd(role, new Random(random.nextLong()), untilBreak, random.nextBoolean(), executor);
        }

        /** Runs two workers and the loop on each end, and one sender of pieces. */
        void work(boolean harms) throws Exception {
            List<CompletableFuture<?>> all = new ArrayList<>();
            for (JoinedEnd end : ends) {
                for (String name : List.of("a", "b")) {
                    Random own = new Random(random.nextLong());
                    all.add(CompletableFuture.runAsync(() -> end.act(name, own, harms), workers));
                }
                Random pieces = new Random(random.nextLong());
                all.add(CompletableFuture.runAsync(() -> end.actInPieces("p", pieces), workers));
                Random loops = new Random(random.nextLong());
                CompletableFuture<Void> done = new CompletableFuture<>();
                all.add(done);
                end.pipe.event(() -> {
                    end.act("l", loops, harms);
                    done.complete(null);
                });
            }
            CompletableFuture<Void> done = CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0]));
            while (harms && !done.isDone()) { // a close waits for the end of a message, for its timeout at most
                passTime(STEP / 10);
            }
            done.get(60, TimeUnit.SECONDS);
        }

        private void passTime(long nanos) throws Exception {
            now += nanos;
            for (JoinedEnd end : ends) {
                CompletableFuture<Void> ticked = new CompletableFuture<>();
                end.pipe.event(() -> {
                    end.connection.tick(now);
                    ticked.complete(null);
                });
                ticked.get(60, TimeUnit.SECONDS);
            }
        }

        /** Closes both ends, and advances the time until both have ended. */
        void endsOnBothSides() throws Exception {
            for (JoinedEnd end : ends) {
                end.webSocket.request(Long.MAX_VALUE);
                end.webSocket.close();
            }
            for (int i = 0; i < 20_000 && !(client.pipe.isClosed() && server.pipe.isClosed()); i++) {
                passTime(STEP);
            }
            for (JoinedEnd end : ends) {
                end.listener.end();
                end.loop.run(() -> {});
                end.isOver();
                end.hasSentOrReportedAll();
                assertEquals(ReadyState.CLOSED, end.webSocket.readyState());
            }
        }

        @Override
        public void close() {
            client.loop.close();
            server.loop.close();
        }
    }
}
