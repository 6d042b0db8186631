package dev.tenon.ws.topics.nats;

import static dev.tenon.ws.topics.nats.TopicRecorder.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.ws.topics.Backbone;
import dev.tenon.ws.topics.KeyedMessage;
import dev.tenon.ws.topics.Position;
import io.nats.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that refuses messages: each publish completes, and open topics go on. */
@SuppressWarnings("try") // a connection may be interrupted while it closes
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("once")
class NatsRefusalTest {
    private static final NatsStream STREAM =
            new NatsStream("refusal", 1_000, Duration.ofHours(1), Duration.ofMinutes(1), 1, true);

    private static void assertRefused(CompletionStage<?> stage) {
        ExecutionException failure = assertThrows(ExecutionException.class, () -> get(stage));
        assertInstanceOf(IOException.class, failure.getCause());
    }

    /** nats-server only reports a missing permission to the connection, not to the request. */
    @Test
    void aNodeWithoutThePermissionToPublishIsRefused() throws Exception {
        String topic = Subjects.of("refusal", "forbidden");
        try (NatsServer server = NatsServer.start("""
                        authorization: { users: [
                          { user: node, password: secret, permissions: { publish: { deny: "%s" } } } ] }
                        no_auth_user: node
                        """.formatted(topic));
                Connection connection = server.connect();
                Backbone node = NatsBackbone.over(connection, STREAM, OutagePolicy.REFUSE)) {
            TopicRecorder recorder = TopicRecorder.open(node, "allowed");
            assertRefused(node.publish("forbidden", KeyedMessage.text("x")));
            recorder.awaitAll(List.of(TopicRecorder.publish(node, "allowed")));
        }
    }

    @Test
    void aServerWithoutRoomRefusesMessagesAndTheTopicGoesOn() throws Exception {
        try (NatsServer server = NatsServer.start("jetstream: { max_memory_store: 300KB }");
                Connection connection = server.connect();
                Backbone node = NatsBackbone.over(connection, STREAM, OutagePolicy.REFUSE)) {
            TopicRecorder recorder = TopicRecorder.open(node, "topic");
            List<Position> stored = new ArrayList<>();
            String text = "x".repeat(50_000);
            ExecutionException refused = assertThrows(ExecutionException.class, () -> {
                for (int i = 0; i < 100; i++) {
                    stored.add(get(node.publish("topic", KeyedMessage.text(text))));
                }
            });
            assertInstanceOf(IOException.class, refused.getCause());
            recorder.awaitAll(stored);
            assertEquals(
                    stored.size() - 1,
                    get(node.replay("topic", stored.get(0))).entries().size());
            connection.jetStreamManagement().purgeStream("refusal");
            Position next = TopicRecorder.publish(node, "topic");
            recorder.awaitEnd(next);
            assertFalse(recorder.lost.isDone());
        }
    }
}
