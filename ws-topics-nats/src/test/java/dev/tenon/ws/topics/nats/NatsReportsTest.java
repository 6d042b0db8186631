package dev.tenon.ws.topics.nats;

import static dev.tenon.ws.topics.nats.TopicRecorder.burst;
import static dev.tenon.ws.topics.nats.TopicRecorder.get;
import static dev.tenon.ws.topics.nats.TopicRecorder.publish;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.topics.Backbone;
import dev.tenon.ws.topics.Position;
import dev.tenon.ws.topics.Replay;
import io.nats.client.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What users of other brokers and clients have reported as lost or doubled. */
@SuppressWarnings("try") // a connection may be interrupted while it closes
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NatsReportsTest {
    private static NatsStream stream(String name, Duration age) {
        return new NatsStream(name, 10, age, age, 1, false);
    }

    /** Centrifugo, issue 230: a client that has subscribed while the history was empty was told of a loss. */
    @Test
    void aPositionInATopicWithoutMessagesIsRecovered() throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection connection = server.connect();
                Backbone node =
                        NatsBackbone.over(connection, stream("empty", Duration.ofHours(1)), OutagePolicy.REFUSE)) {
            burst(node, "busy", 30);
            Position begin = get(node.open("empty", new TopicRecorder()));
            assertTrue(get(node.replay("empty", begin)).recovered());
            burst(node, "busy", 30);
            Position first = publish(node, "empty");
            Replay replay = get(node.replay("empty", begin));
            assertTrue(replay.recovered());
            assertEquals(first, replay.entries().get(0).position());
            assertEquals(1, replay.entries().size());
        }
    }

    /** Socket.IO, issue 5419: who came back twice, without a new message in between, received the first replay again. */
    @Test
    void aSecondReplayBehindTheFirstIsEmpty() throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection connection = server.connect();
                Backbone node =
                        NatsBackbone.over(connection, stream("again", Duration.ofHours(1)), OutagePolicy.REFUSE)) {
            List<Position> published = burst(node, "topic", 3);
            Replay replay = get(node.replay("topic", published.get(0)));
            Position newest = replay.entries().get(1).position();
            assertEquals(published.get(2), newest);
            Replay again = get(node.replay("topic", newest));
            assertTrue(again.recovered());
            assertEquals(List.of(), again.entries());
        }
    }

    /** nats-server, pull request 3284: a stream whose messages had all expired at a restart began again at 1. */
    @Test
    void aStreamThatIsEmptyAtARestartUsesNoPositionAgain() throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection connection = server.connect();
                Backbone node =
                        NatsBackbone.over(connection, stream("aged", Duration.ofSeconds(1)), OutagePolicy.REFUSE)) {
            List<Position> before = burst(node, "topic", 3);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (get(node.replay("topic", before.get(1))).recovered()) {
                assertTrue(System.nanoTime() < end, "the messages do not expire");
            }
            server.stop();
            Outage.await(connection, false);
            server.startAgain();
            Outage.await(connection, true);
            Position after = publish(node, "topic");
            assertTrue(after.offset() > before.get(2).offset(), () -> after + " follows " + before);
            assertFalse(get(node.replay("topic", before.get(1))).recovered());
        }
    }
}
