package dev.tenon.ws.topics.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.topics.Backbone;
import dev.tenon.ws.topics.Entry;
import dev.tenon.ws.topics.KeyedMessage;
import dev.tenon.ws.topics.Position;
import io.nats.client.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What NATS sends to a node: each message of an open topic once, and heartbeats. */
@SuppressWarnings("try") // a connection may be interrupted while it closes
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NatsCostTest {
    private static final int NODES = 8;
    private static final int MESSAGES = 50;
    /**
     * The number of other messages, heartbeats of consumers and responses to requests, that may arrive in the same
     * time.
     */
    private static final int OTHERS = 10;

    private record Counter(CountDownLatch left) implements Backbone.Receiver {
        @Override
        public void received(Entry entry) {
            left.countDown();
        }

        @Override
        public void lost(Throwable cause) {
            throw new AssertionError(cause);
        }
    }

    @Test
    void aMessageIsSentToTheNodesThatHaveSubscribersAndToNoOther() throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection publishing = server.connect()) {
            NatsStream stream = NatsStream.named("cost");
            List<Connection> connections = new ArrayList<>();
            List<Backbone> nodes = new ArrayList<>();
            for (int i = 0; i < NODES; i++) {
                connections.add(server.connect());
                nodes.add(NatsBackbone.over(connections.get(i), stream, OutagePolicy.REFUSE));
            }
            Backbone publisher = NatsBackbone.over(publishing, stream, OutagePolicy.REFUSE);
            for (int subscribed = 2; subscribed <= NODES; subscribed++) {
                String topic = "topic of " + subscribed;
                CountDownLatch left = new CountDownLatch(subscribed * MESSAGES);
                for (Backbone node : nodes.subList(0, subscribed)) {
                    node.open(topic, new Counter(left)).toCompletableFuture().get(30, TimeUnit.SECONDS);
                }
                List<Long> before = received(connections);
                for (int i = 0; i < MESSAGES; i++) {
                    publisher
                            .publish(topic, KeyedMessage.text("x"))
                            .toCompletableFuture()
                            .get(30, TimeUnit.SECONDS);
                }
                assertTrue(left.await(60, TimeUnit.SECONDS), "a message is missing");
                List<Long> after = received(connections);
                for (int i = 0; i < NODES; i++) {
                    long expected = i < subscribed ? MESSAGES : 0;
                    long others = after.get(i) - before.get(i) - expected;
                    assertTrue(
                            others >= 0 && others <= OTHERS,
                            "node " + i + " of " + subscribed + " has received " + others + " more than " + expected);
                }
                nodes.forEach(node -> node.release(topic));
            }
            nodes.forEach(Backbone::close);
            publisher.close();
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }

    /** 133 heartbeats a second would come if each topic had one every three seconds. */
    @Test
    void aNodeWithManyTopicsReceivesAHundredHeartbeatsASecond() throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection connection = server.connect();
                Backbone node = NatsBackbone.over(connection, NatsStream.named("idle"), OutagePolicy.REFUSE)) {
            List<CompletableFuture<Position>> opened = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                opened.add(node.open("topic " + i, new Counter(new CountDownLatch(1)))
                        .toCompletableFuture());
            }
            for (CompletableFuture<Position> each : opened) {
                each.get(30, TimeUnit.SECONDS);
            }
            List<Duration> heartbeats = connection.jetStreamManagement().getConsumers("idle").stream()
                    .map(consumer -> consumer.getConsumerConfiguration().getIdleHeartbeat())
                    .toList();
            assertEquals(opened.size(), heartbeats.size());
            double perSecond = heartbeats.stream()
                    .mapToDouble(each -> 1e3 / each.toMillis())
                    .sum();
            assertTrue(perSecond > 95 && perSecond < 130, perSecond + " heartbeats a second");
        }
    }

    @Test
    void aHeartbeatHasThreeSecondsForFewTopicsAndAMinuteForVeryMany() {
        assertEquals(Duration.ofSeconds(3), Consumers.heartbeat(1));
        assertEquals(Duration.ofSeconds(3), Consumers.heartbeat(300));
        assertEquals(Duration.ofSeconds(4), Consumers.heartbeat(400));
        assertEquals(Duration.ofMinutes(1), Consumers.heartbeat(6_000));
        assertEquals(Duration.ofMinutes(1), Consumers.heartbeat(1_000_000));
    }

    private static List<Long> received(List<Connection> connections) {
        return connections.stream()
                .map(connection -> connection.getStatistics().getInMsgs())
                .toList();
    }
}
