package dev.tenon.ws.topics.nats;

import static dev.tenon.ws.topics.nats.TopicRecorder.burst;
import static dev.tenon.ws.topics.nats.TopicRecorder.get;
import static dev.tenon.ws.topics.nats.TopicRecorder.publish;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.topics.Backbone;
import dev.tenon.ws.topics.Entry;
import dev.tenon.ws.topics.KeyedMessage;
import dev.tenon.ws.topics.Position;
import dev.tenon.ws.topics.Replay;
import io.nats.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages and names that NATS does not take, and more requests at a time than threads should be. */
@SuppressWarnings("try") // a connection may be interrupted while it closes
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NatsLimitsTest {
    private static final NatsStream STREAM =
            new NatsStream("limits", 100, Duration.ofHours(1), Duration.ofMinutes(1), 1, false);

    private static long reconnects(Connection connection) {
        return connection.getStatistics().getReconnects();
    }

    private static void assertRefused(CompletionStage<?> stage) {
        ExecutionException failure = assertThrows(ExecutionException.class, () -> get(stage));
        assertInstanceOf(IOException.class, failure.getCause());
    }

    /** nats-server would take a window of 0 for its own default, which is no setting that a node could compare. */
    @Test
    void aWindowOfNoTimeIsRefused() {
        for (Duration window : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new NatsStream("limits", 100, Duration.ZERO, window, 1, false));
        }
    }

    /** nats.py, pull request 888: the server ends the connection of a client that sends it too long a message. */
    @Test
    void aMessageThatIsTooLongFailsAloneAndTheConnectionStays() throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection connection = server.connect();
                Backbone node = NatsBackbone.over(connection, STREAM, OutagePolicy.REFUSE)) {
            TopicRecorder recorder = TopicRecorder.open(node, "topic");
            int most = (int) connection.getMaxPayload();
            for (int length : new int[] {most - 10, most, most + 1, 2 * most}) {
                assertRefused(node.publish("topic", KeyedMessage.text("x".repeat(length))));
            }
            recorder.awaitAll(List.of(publish(node, "topic")));
            assertEquals(0, reconnects(connection), "the server has ended the connection");
        }
    }

    /** A client may choose the name of a topic: NATS's server ends the connection at a line of more than 4,096 bytes. */
    @Test
    void aNameThatIsTooLongFailsAloneAndTheConnectionStays() throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection connection = server.connect();
                Backbone node = NatsBackbone.over(connection, STREAM, OutagePolicy.REFUSE)) {
            TopicRecorder recorder = TopicRecorder.open(node, "topic");
            String name = "n".repeat(3_500);
            assertRefused(node.publish(name, KeyedMessage.text("x")));
            assertRefused(node.open(name, new TopicRecorder()));
            assertFalse(get(node.replay(name, new Position("epoch", 1))).recovered());
            recorder.awaitAll(List.of(publish(node, "topic")));
            assertEquals(0, reconnects(connection), "the server has ended the connection");
        }
    }

    /** Centrifugo, issue 798, names the case: after a restart all clients come back at the same time. */
    @Test
    void manyReplaysAtATimeNeedFewThreads() throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection connection = server.connect();
                Backbone node = NatsBackbone.over(connection, STREAM, OutagePolicy.REFUSE)) {
            Position first = burst(node, "topic", 3).get(0);
            List<CompletionStage<Replay>> replays = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                replays.add(node.replay("topic", first));
            }
            long threads = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("tenon-nats"))
                    .count();
            for (CompletionStage<Replay> replay : replays) {
                assertEquals(2, get(replay).entries().size());
            }
            assertTrue(threads <= 100, () -> threads + " threads");
        }
    }

    /** A client may choose a name with a lone surrogate, which JSON allows: it must not get the messages of another topic. */
    @Test
    void aNameWithALoneSurrogateIsNoOtherTopic() throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection connection = server.connect();
                Backbone node = NatsBackbone.over(connection, STREAM, OutagePolicy.REFUSE)) {
            TopicRecorder secret = TopicRecorder.open(node, "secret?");
            Position first = publish(node, "secret?");
            String name = "secret\ud800";
            assertRefused(node.publish(name, KeyedMessage.text("x")));
            assertRefused(node.publish("secret?", KeyedMessage.text(name, "x")));
            assertRefused(node.open(name, new TopicRecorder()));
            assertRefused(node.replay(name, new Position(first.epoch(), 0)));
            secret.awaitAll(List.of(first, publish(node, "secret?")));
        }
    }

    /** Throws an exception or an error, in turn. */
    private static final class Throwing implements Backbone.Receiver {
        final TopicRecorder recorder = new TopicRecorder();

        @Override
        public void received(Entry entry) {
            recorder.received(entry);
            if (recorder.received().size() % 2 == 0) {
                throw new StackOverflowError("a fault of the application");
            }
            throw new IllegalStateException("a fault of the application");
        }

        @Override
        public void lost(Throwable cause) {
            recorder.lost(cause);
        }
    }

    /** Messages of two topics that alternate have gaps, which one check clears for both. */
    @Test
    void aReceiverThatThrowsReceivesTheNextMessagesAndSoDoOtherTopics() throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection connection = server.connect();
                Backbone node = NatsBackbone.over(connection, STREAM, OutagePolicy.REFUSE)) {
            Throwing throwing = new Throwing();
            get(node.open("throwing", throwing));
            TopicRecorder other = TopicRecorder.open(node, "other");
            List<Position> ofThrowing = new ArrayList<>();
            List<Position> ofOther = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                ofThrowing.addAll(burst(node, "throwing", 2));
                ofOther.addAll(burst(node, "other", 2));
            }
            other.awaitAll(ofOther);
            throwing.recorder.awaitAll(ofThrowing);
        }
    }
}
