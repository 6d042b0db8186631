package dev.tenon.ws.topics.nats;

import static dev.tenon.ws.topics.nats.TopicRecorder.burst;
import static dev.tenon.ws.topics.nats.TopicRecorder.get;
import static dev.tenon.ws.topics.nats.TopicRecorder.open;
import static dev.tenon.ws.topics.nats.TopicRecorder.publish;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.topics.Backbone;
import dev.tenon.ws.topics.Entry;
import dev.tenon.ws.topics.Position;
import io.nats.client.Connection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Checks that fail, or meet each other: no topic is forgotten. */
@SuppressWarnings("try") // a connection may be interrupted while it closes
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GapCheckTest {
    /** NATS's client throws this while it reconnects, if its buffer for that is full. */
    @Test
    void anUnexpectedExceptionDelaysMessagesOnly() throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection connection = server.connect()) {
            FaultyConnection faulty = new FaultyConnection(connection);
            AtomicInteger faults = new AtomicInteger();
            try (NatsBackbone node =
                    NatsBackbone.over(faulty.connection, NatsStream.named("faulty"), OutagePolicy.REFUSE)) {
                TopicRecorder first = open(node, "first");
                TopicRecorder second = open(node, "second");
                Markers.await(node);
                faulty.fault = method -> {
                    if (method.equals("getStreamInfo") && faults.getAndIncrement() == 0) {
                        throw new IllegalStateException("unable to queue any more messages during reconnect");
                    }
                };
                List<Position> ofFirst = new ArrayList<>();
                List<Position> ofSecond = new ArrayList<>();
                for (int i = 0; i < 3; i++) { // none follows a message of its own topic
                    ofFirst.add(publish(node, "first"));
                    ofSecond.add(publish(node, "second"));
                }
                first.awaitAll(ofFirst);
                second.awaitAll(ofSecond);
                assertTrue(faults.get() > 1, "no check has failed");
            }
        }
    }

    /** Both topics lose a message while the node is away; the receiver of one throws when it learns that. */
    @Test
    void aReceiverThatThrowsWhenItsTopicIsLostDisturbsNoOther() throws Exception {
        NatsStream stream = new NatsStream(
                "throwing",
                2,
                NatsStream.named("x").maxAge(),
                NatsStream.named("x").duplicateWindow(),
                1,
                true);
        try (NatsServer server = NatsServer.start();
                TcpLink link = new TcpLink(server.port());
                Connection near = server.connect();
                Connection connection = NatsServer.connect(link.port());
                Backbone publisher = NatsBackbone.over(near, stream, OutagePolicy.REFUSE);
                NatsBackbone node = NatsBackbone.over(connection, stream, OutagePolicy.REFUSE)) {
            List<TopicRecorder> recorders = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                TopicRecorder recorder = new TopicRecorder();
                recorders.add(recorder);
                get(node.open("topic " + i, new ThrowingAtLoss(recorder)));
            }
            link.cut();
            Outage.await(connection, false);
            for (int i = 0; i < recorders.size(); i++) {
                burst(publisher, "topic " + i, 4);
            }
            link.heal();
            for (TopicRecorder recorder : recorders) {
                assertInstanceOf(IOException.class, recorder.lost.get(30, TimeUnit.SECONDS));
            }
        }
    }

    private record ThrowingAtLoss(TopicRecorder recorder) implements Backbone.Receiver {
        @Override
        public void received(Entry entry) {
            recorder.received(entry);
        }

        @Override
        public void lost(Throwable cause) {
            recorder.lost(cause);
            Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> {}); // logs nothing
            throw new IllegalStateException("a fault of the test");
        }
    }

    /** The thread that delivers a topic has the lock of the topic when it asks for a check. */
    @Test
    void aTopicThatDeliversDoesNotHoldUpTheChecks() throws Exception {
        CountDownLatch rounds = new CountDownLatch(2);
        RequestThreads requests = new RequestThreads();
        try (NatsServer server = NatsServer.start();
                Connection connection = server.connect()) {
            History history =
                    new History(connection.jetStream(), connection.jetStreamManagement(), NatsStream.named("unused"));
            GapCheck check = new GapCheck(
                    history,
                    () -> {
                        rounds.countDown();
                        return true;
                    },
                    requests,
                    topic -> {});
            OpenTopic topic = new OpenTopic("topic", new TopicRecorder(), "epoch", () -> false, check::add);
            synchronized (topic) {
                check.add(topic);
                assertTrue(rounds.await(10, TimeUnit.SECONDS), "the checks wait for a topic");
            }
        } finally {
            requests.shutdown();
        }
    }
}
