package dev.tenon.ws.topics.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.topics.Backbone;
import dev.tenon.ws.topics.Entry;
import dev.tenon.ws.topics.KeyedMessage;
import dev.tenon.ws.topics.Position;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nodes that are slower than what is published. */
@SuppressWarnings("try") // a connection that is interrupted while it closes
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("once")
class NatsSlowTest {
    private static final int TOPICS = 16;
    private static final int MESSAGES = 40;
    private static final int LENGTH = 32_768;

    /** Receives nothing until it is released. */
    private static final class Recorder implements Backbone.Receiver {
        final CountDownLatch release;
        final CountDownLatch blocked = new CountDownLatch(1);
        private final List<Position> received = new ArrayList<>();
        private boolean lost;

        Recorder(int latches) {
            release = new CountDownLatch(latches);
        }

        @Override
        public void received(Entry entry) {
            blocked.countDown();
            try {
                release.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            add(entry.position());
        }

        private synchronized void add(Position position) {
            received.add(position);
            notifyAll();
        }

        @Override
        public synchronized void lost(Throwable cause) {
            lost = true;
            notifyAll();
        }

        synchronized boolean isLost() {
            return lost;
        }

        /** Waits until it has as many messages, or has lost the topic. */
        synchronized List<Position> await(int count) throws InterruptedException {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (received.size() < count && !lost) {
                long left = end - System.nanoTime();
                assertTrue(left > 0, "only " + received.size() + " of " + count + " messages, and no word about it");
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            return List.copyOf(received);
        }
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static List<Position> publish(Backbone node, String topic, int count, String text) throws Exception {
        List<CompletionStage<Position>> published = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            published.add(node.publish(topic, KeyedMessage.text(text)));
        }
        List<Position> positions = new ArrayList<>();
        for (CompletionStage<Position> each : published) {
            positions.add(get(each));
        }
        return positions;
    }

    @Test
    void whatNatsClientHasDroppedArrivesAlthoughNoMessageFollows() throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection near = server.connect();
                Connection connection = server.connect();
                Backbone publisher = NatsBackbone.over(near, NatsStream.named("slow"), OutagePolicy.REFUSE);
                NatsBackbone node = NatsBackbone.over(connection, NatsStream.named("slow"), OutagePolicy.REFUSE)) {
            Dispatcher client = node.consumers.dispatcher;
            client.setPendingLimits(5, 1 << 20);
            Recorder slow = new Recorder(1);
            Recorder quick = new Recorder(0);
            get(node.open("slow", slow));
            get(node.open("quick", quick));
            publish(publisher, "slow", 1, "x");
            assertTrue(slow.blocked.await(30, TimeUnit.SECONDS));
            List<Position> published = publish(publisher, "quick", 50, "x");
            long begin = System.nanoTime();
            while (client.getDroppedCount() == 0) {
                assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(30), "no message was dropped");
            }
            // Until all have arrived, unless the node has noticed the gap before, and so has discarded those that wait.
            while (client.getDroppedCount() + client.getPendingMessageCount() < published.size()
                    && System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(2)) {
                Thread.onSpinWait();
            }
            client.setPendingLimits(0, 0); // no limits
            slow.release.countDown();
            assertEquals(published, quick.await(published.size()));
            assertFalse(quick.isLost());
        }
    }

    @Test
    void aNodeThatTheServerDisconnectsBecauseItIsSlowMissesNothing() throws Exception {
        NatsStream named = NatsStream.named("slow");
        NatsStream stream = new NatsStream("slow", 1_000, named.maxAge(), named.duplicateWindow(), 1, true);
        try (NatsServer server = NatsServer.start("write_deadline: \"300ms\"");
                TcpLink link = new TcpLink(server.port());
                Connection near = server.connect();
                Connection connection = NatsServer.connect(link.port(), Duration.ofMinutes(2));
                Backbone publisher = NatsBackbone.over(near, stream, OutagePolicy.REFUSE);
                Backbone node = NatsBackbone.over(connection, stream, OutagePolicy.REFUSE)) {
            List<Recorder> recorders = new ArrayList<>();
            for (int i = 0; i < TOPICS; i++) {
                recorders.add(new Recorder(0));
                get(node.open("topic " + i, recorders.get(i)));
            }
            link.pause(true);
            List<List<Position>> published = new ArrayList<>();
            for (int i = 0; i < TOPICS; i++) {
                published.add(publish(publisher, "topic " + i, MESSAGES, "x".repeat(LENGTH)));
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (server.slowConsumers() == 0) {
                assertTrue(System.nanoTime() < end, "the server waits for a node that does not read");
            }
            link.pause(false);
            for (int i = 0; i < TOPICS; i++) {
                assertEquals(published.get(i), recorders.get(i).await(MESSAGES));
                assertFalse(recorders.get(i).isLost());
            }
        }
    }
}
