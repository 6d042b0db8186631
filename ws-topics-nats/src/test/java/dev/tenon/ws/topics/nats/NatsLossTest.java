package dev.tenon.ws.topics.nats;

import static dev.tenon.ws.topics.nats.TopicRecorder.burst;
import static dev.tenon.ws.topics.nats.TopicRecorder.get;
import static dev.tenon.ws.topics.nats.TopicRecorder.open;
import static dev.tenon.ws.topics.nats.TopicRecorder.publish;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.topics.Backbone;
import dev.tenon.ws.topics.Position;
import dev.tenon.ws.topics.Replay;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stream has lost messages, or only seems to have: no node misses a message in silence, and none loses a topic for nothing. */
@SuppressWarnings("try") // a connection may be interrupted while it closes
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NatsLossTest {
    private static final int HISTORY = 3;

    private static NatsStream stream(String name) {
        return new NatsStream(name, HISTORY, Duration.ofHours(1), Duration.ofSeconds(2), 1, true);
    }

    private static void reconnect(TcpLink link, Connection connection) {
        link.cut();
        Outage.await(connection, false);
        link.heal();
        Outage.await(connection, true);
    }

    @Test
    void aTopicWithoutMessagesIsNotLostBecauseOtherTopicsHaveDiscardedTheirs() throws Exception {
        try (NatsServer server = NatsServer.start();
                TcpLink link = new TcpLink(server.port());
                Connection near = server.connect();
                Connection connection = NatsServer.connect(link.port());
                Backbone publisher = NatsBackbone.over(near, stream("quiet"), OutagePolicy.REFUSE);
                NatsBackbone node = NatsBackbone.over(connection, stream("quiet"), OutagePolicy.REFUSE)) {
            TopicRecorder quiet = open(node, "quiet");
            Markers.await(node);
            burst(publisher, "busy", 5 * HISTORY);
            reconnect(link, connection);
            quiet.awaitAll(List.of(publish(publisher, "quiet")));
        }
    }

    @Test
    void aFirstMessageDuringAnOutageIsNoGapBecauseOtherTopicsAreBusy() throws Exception {
        try (NatsServer server = NatsServer.start();
                TcpLink link = new TcpLink(server.port());
                Connection near = server.connect();
                Connection connection = NatsServer.connect(link.port());
                Backbone publisher = NatsBackbone.over(near, stream("first"), OutagePolicy.REFUSE);
                NatsBackbone node = NatsBackbone.over(connection, stream("first"), OutagePolicy.REFUSE)) {
            TopicRecorder calm = open(node, "calm");
            Markers.await(node);
            publish(publisher, "busy");
            link.cut();
            Outage.await(connection, false);
            Position only = publish(publisher, "calm");
            burst(publisher, "busy", 5 * HISTORY);
            link.heal();
            calm.awaitAll(List.of(only));
        }
    }

    /** All messages are removed while two topics have not been received equally far, because the consumer of one has ended. */
    @Test
    void ofTwoTopicsTheOneWithARemovedMessageIsLost() throws Exception {
        try (NatsServer server = NatsServer.start();
                TcpLink link = new TcpLink(server.port());
                Connection near = server.connect();
                Connection connection = NatsServer.connect(link.port());
                Backbone publisher = NatsBackbone.over(near, stream("two"), OutagePolicy.REFUSE);
                Backbone node = NatsBackbone.over(connection, stream("two"), OutagePolicy.REFUSE)) {
            JetStreamManagement management = near.jetStreamManagement();
            TopicRecorder behind = open(node, "behind");
            for (String consumer : management.getConsumerNames("two")) {
                management.deleteConsumer("two", consumer);
            }
            TopicRecorder ahead = open(node, "ahead");
            publish(publisher, "behind");
            List<Position> received = burst(publisher, "ahead", 1);
            ahead.awaitAll(received);
            link.cut();
            Outage.await(connection, false);
            management.purgeStream("two");
            link.heal();
            assertInstanceOf(IOException.class, behind.lost.get(30, TimeUnit.SECONDS));
            assertEquals(List.of(), behind.received());
            assertFalse(ahead.lost.isDone(), "nothing was missed here");
        }
    }

    @Test
    void aPositionOfALostMessageIsNotThatOfTheMessageInItsPlace() throws Exception {
        try (NatsServer server = NatsServer.start();
                TcpLink link = new TcpLink(server.port());
                Connection near = server.connect();
                Connection connection = NatsServer.connect(link.port());
                NatsBackbone publisher = NatsBackbone.over(near, NatsStream.named("restored"), OutagePolicy.REFUSE);
                NatsBackbone node = NatsBackbone.over(connection, NatsStream.named("restored"), OutagePolicy.REFUSE)) {
            Position kept = publish(publisher, "topic");
            server.stop();
            server.backUp();
            server.startAgain();
            Outage.await(near, true);
            Outage.await(connection, true);
            TopicRecorder recorder = open(node, "topic");
            Markers.await(node);
            List<Position> before = burst(publisher, "topic", 2);
            recorder.awaitAll(before);
            Position last = before.get(1);
            link.cut();
            Outage.await(connection, false);
            Position marker = Markers.await(publisher);
            server.kill();
            Outage.await(near, false);
            server.restore();
            server.startAgain();
            Markers.awaitAfter(marker, publisher); // so that it does not take the place of a message
            List<Position> after = burst(publisher, "topic", (int) (last.offset() - kept.offset()) + 1);
            Position inItsPlace = after.stream()
                    .filter(each -> each.offset() == last.offset())
                    .findFirst()
                    .orElseThrow();
            assertNotEquals(last, inItsPlace);
            assertFalse(get(publisher.replay("topic", last)).recovered(), "a message in the place of a lost one");
            assertFalse(get(publisher.replay("topic", before.get(0))).recovered());
            Replay replay = get(publisher.replay("topic", kept));
            assertTrue(replay.recovered());
            assertEquals(after.size(), replay.entries().size());
            link.heal(); // the stream is longer than all that this node has received of the lost one
            assertInstanceOf(IOException.class, recorder.lost.get(30, TimeUnit.SECONDS));
            assertEquals(before, recorder.received());
        }
    }
}
