package dev.tenon.ws.topics.nats;

import static dev.tenon.ws.topics.nats.TopicRecorder.get;
import static dev.tenon.ws.topics.nats.TopicRecorder.open;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.topics.KeyedMessage;
import dev.tenon.ws.topics.Position;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An operator changes the limits of a stream while a node with the earlier ones runs, as at a rolling deployment. */
@SuppressWarnings("try") // a connection may be interrupted while it closes
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NatsOtherLimitsTest {
    private static final NatsStream STREAM = NatsStream.named("limits");

    private static void setMaxAge(Connection connection, Duration age) throws Exception {
        StreamConfiguration now =
                connection.jetStreamManagement().getStreamInfo(STREAM.name()).getConfiguration();
        connection
                .jetStreamManagement()
                .updateStream(StreamConfiguration.builder(now).maxAge(age).build());
    }

    private static void assertRefused(CompletionStage<?> stage) {
        Throwable cause =
                assertThrows(ExecutionException.class, () -> get(stage)).getCause();
        assertInstanceOf(IOException.class, cause);
        assertTrue(String.valueOf(cause.getMessage()).contains("other limits"), cause.toString());
    }

    private static Position publishAtLast(NatsBackbone node) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            try {
                return get(node.publish("topic", KeyedMessage.text("key", "x")));
            } catch (ExecutionException refused) {
                assertTrue(System.nanoTime() < end, refused.toString());
            }
        }
    }

    @Test
    void aNodeWithTheEarlierLimitsRefusesWithAReasonUntilTheyAreBack() throws Exception {
        try (NatsServer server = NatsServer.start();
                TcpLink link = new TcpLink(server.port());
                Connection near = server.connect();
                Connection connection = NatsServer.connect(link.port());
                NatsBackbone node = NatsBackbone.over(connection, STREAM, OutagePolicy.REFUSE)) {
            TopicRecorder recorder = open(node, "topic");
            setMaxAge(near, STREAM.maxAge().multipliedBy(2));
            link.cut();
            Outage.await(connection, false);
            link.heal();
            Throwable cause = recorder.lost.get(30, TimeUnit.SECONDS);
            assertTrue(String.valueOf(cause.getMessage()).contains("other limits"), cause.toString());
            assertRefused(node.publish("topic", KeyedMessage.text("x")));
            assertRefused(node.open("topic", new TopicRecorder()));
            setMaxAge(near, STREAM.maxAge());
            publishAtLast(node);
            TopicRecorder again = open(node, "topic");
            again.awaitAll(List.of(TopicRecorder.publish(node, "topic")));
        }
    }

    /** NATS starts no consumer after a reconnect, although everything else works. */
    @Test
    void aNodeThatCannotContinueForLongLosesItsTopicsAndOpensThemAgain() throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection connection = server.connect()) {
            FaultyConnection faulty = new FaultyConnection(connection);
            try (NatsBackbone node =
                    new NatsBackbone(faulty.connection, STREAM, OutagePolicy.REFUSE, Duration.ofMillis(300))) {
                TopicRecorder recorder = open(node, "topic");
                faulty.fault = method -> {
                    if (method.equals("subscribe")) {
                        throw new IOException("maximum consumers limit reached");
                    }
                };
                faulty.report(ConnectionListener.Events.DISCONNECTED);
                faulty.report(ConnectionListener.Events.RECONNECTED);
                Throwable cause = recorder.lost.get(30, TimeUnit.SECONDS);
                assertTrue(String.valueOf(cause.getMessage()).contains("maximum consumers"), cause.toString());
                faulty.fault = method -> {};
                TopicRecorder again = open(node, "topic");
                again.awaitAll(List.of(TopicRecorder.publish(node, "topic")));
            }
        }
    }
}
