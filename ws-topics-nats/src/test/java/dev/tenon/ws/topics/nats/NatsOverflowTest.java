package dev.tenon.ws.topics.nats;

import static dev.tenon.ws.topics.nats.TopicRecorder.burst;
import static dev.tenon.ws.topics.nats.TopicRecorder.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.topics.Backbone;
import dev.tenon.ws.topics.Position;
import io.nats.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stream discards messages before a node has received them: the node is notified, and never misses one silently. */
@SuppressWarnings("try") // a connection may be interrupted while it closes
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NatsOverflowTest {
    private static final int HISTORY = 10;

    private static NatsStream stream(String name) {
        return stream(name, Duration.ofHours(1));
    }

    private static NatsStream stream(String name, Duration age) {
        return new NatsStream(name, HISTORY, age, Duration.ofSeconds(2), 1, true);
    }

    @Test
    void aNodeThatWasAwayForLongerThanTheHistoryLosesTheTopic() throws Exception {
        try (NatsServer server = NatsServer.start();
                TcpLink link = new TcpLink(server.port());
                Connection near = server.connect();
                Connection connection = NatsServer.connect(link.port());
                Backbone publisher = NatsBackbone.over(near, stream("away"), OutagePolicy.REFUSE);
                Backbone node = NatsBackbone.over(connection, stream("away"), OutagePolicy.REFUSE)) {
            TopicRecorder busy = new TopicRecorder();
            TopicRecorder calm = new TopicRecorder();
            TopicRecorder quiet = new TopicRecorder();
            get(node.open("busy", busy));
            get(node.open("calm", calm));
            burst(publisher, "quiet", HISTORY);
            get(node.open("quiet", quiet));
            busy.awaitEnd(burst(publisher, "busy", 1).get(0));
            link.cut();
            Outage.await(connection, false);
            burst(publisher, "busy", HISTORY + 1);
            List<Position> few = burst(publisher, "calm", HISTORY - 1);
            link.heal();
            assertInstanceOf(IOException.class, busy.lost.get(30, TimeUnit.SECONDS));
            assertEquals(1, busy.received().size(), "messages behind a gap");
            calm.awaitEnd(few.get(few.size() - 1));
            assertEquals(few, calm.received());
            quiet.awaitEnd(burst(publisher, "quiet", 1).get(0));
            assertFalse(quiet.lost.isDone());
            TopicRecorder again = new TopicRecorder();
            get(node.open("busy", again));
            again.awaitEnd(burst(publisher, "busy", 1).get(0));
            assertFalse(again.lost.isDone());
        }
    }

    @Test
    void aNodeThatWasAwayForLongerThanMessagesAreKeptLosesTheTopic() throws Exception {
        NatsStream stream = stream("aged", Duration.ofSeconds(2));
        try (NatsServer server = NatsServer.start();
                TcpLink link = new TcpLink(server.port());
                Connection near = server.connect();
                Connection connection = NatsServer.connect(link.port());
                Backbone publisher = NatsBackbone.over(near, stream, OutagePolicy.REFUSE);
                Backbone node = NatsBackbone.over(connection, stream, OutagePolicy.REFUSE)) {
            TopicRecorder recorder = new TopicRecorder();
            get(node.open("topic", recorder));
            recorder.awaitEnd(burst(publisher, "topic", 1).get(0));
            link.cut();
            Outage.await(connection, false);
            Position missed = burst(publisher, "topic", 1).get(0);
            Position before = new Position(missed.epoch(), missed.offset() - 1);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (get(publisher.replay("topic", before)).recovered()) {
                assertTrue(System.nanoTime() < end, "a message outlives its age");
            }
            link.heal();
            assertInstanceOf(IOException.class, recorder.lost.get(30, TimeUnit.SECONDS));
        }
    }

    /** As if the server's clock had jumped ahead of the age of all messages. */
    @Test
    void messagesThatWereRemovedDuringAnOutageLoseTheTopic() throws Exception {
        try (NatsServer server = NatsServer.start();
                TcpLink link = new TcpLink(server.port());
                Connection near = server.connect();
                Connection connection = NatsServer.connect(link.port());
                Backbone publisher = NatsBackbone.over(near, stream("removed"), OutagePolicy.REFUSE);
                NatsBackbone node = NatsBackbone.over(connection, stream("removed"), OutagePolicy.REFUSE)) {
            TopicRecorder recorder = new TopicRecorder();
            get(node.open("topic", recorder));
            recorder.awaitEnd(burst(publisher, "topic", 1).get(0));
            Markers.await(node);
            link.cut();
            Outage.await(connection, false);
            near.jetStreamManagement().purgeStream("removed");
            link.heal();
            recorder.awaitEnd(burst(publisher, "topic", 1).get(0));
            assertFalse(recorder.lost.isDone(), "nothing was missed");
            link.cut();
            Outage.await(connection, false);
            burst(publisher, "topic", 3);
            near.jetStreamManagement().purgeStream("removed");
            link.heal();
            recorder.awaitEnd(burst(publisher, "topic", 1).get(0));
            assertEquals(2, recorder.received().size(), "messages behind a gap");
            assertInstanceOf(IOException.class, recorder.lost.get(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void aStreamThatWasRestoredFromAnOlderCopyLosesTheTopic() throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection connection = server.connect();
                Backbone node = NatsBackbone.over(connection, NatsStream.named("restored"), OutagePolicy.REFUSE)) {
            burst(node, "topic", 1);
            server.stop();
            server.backUp();
            server.startAgain();
            Outage.await(connection, true);
            TopicRecorder recorder = new TopicRecorder();
            get(node.open("topic", recorder));
            recorder.awaitEnd(burst(node, "topic", 3).get(2));
            server.kill();
            Outage.await(connection, false);
            server.restore();
            server.startAgain();
            assertInstanceOf(IOException.class, recorder.lost.get(60, TimeUnit.SECONDS));
        }
    }

    @Test
    void aBurstBeyondTheHistoryLosesTheTopicOrNothing() throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection near = server.connect();
                Connection connection = server.connect();
                Backbone publisher = NatsBackbone.over(near, stream("burst"), OutagePolicy.REFUSE);
                Backbone node = NatsBackbone.over(connection, stream("burst"), OutagePolicy.REFUSE)) {
            for (int i = 0; i < 50; i++) {
                String topic = "topic " + i;
                TopicRecorder recorder = new TopicRecorder();
                get(node.open(topic, recorder));
                List<Position> published = burst(publisher, topic, 20 * HISTORY);
                recorder.awaitEnd(published.get(published.size() - 1));
                List<Position> received = recorder.received();
                assertEquals(published.subList(0, received.size()), received, "a gap in silence");
                node.release(topic);
            }
        }
    }
}
