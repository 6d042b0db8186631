package dev.tenon.ws.topics.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.topics.Backbone;
import dev.tenon.ws.topics.Entry;
import dev.tenon.ws.topics.KeyedMessage;
import dev.tenon.ws.topics.Position;
import io.nats.client.Connection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** NATS ends and comes back. */
@SuppressWarnings("try") // a connection that is interrupted while it closes
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NatsAwayTest {
    private static final class Recorder implements Backbone.Receiver {
        final BlockingQueue<String> received = new LinkedBlockingQueue<>();
        final CompletableFuture<Throwable> lost = new CompletableFuture<>();

        @Override
        public void received(Entry entry) {
            received.add(StandardCharsets.UTF_8.decode(entry.payload()).toString());
        }

        @Override
        public void lost(Throwable cause) {
            lost.complete(cause);
        }
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** Publishes with one key until NATS is back. */
    private static Position publishAtLast(Backbone backbone, String text) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try {
                return get(backbone.publish("topic", KeyedMessage.text("key of " + text, text)));
            } catch (ExecutionException away) {
                assertInstanceOf(IOException.class, away.getCause());
                assertFalse(System.nanoTime() > end, "NATS does not come back");
            }
        }
    }

    private static void awaitDisconnect(Connection connection) {
        while (connection.getStatus() == Connection.Status.CONNECTED) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aNodeThatWaitsRefusesToPublishAndGoesOnWhenNatsIsBack() throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection connection = server.connect();
                Backbone node = NatsBackbone.over(connection, NatsStream.named("wait"), WhenAway.WAIT)) {
            Recorder recorder = new Recorder();
            get(node.open("topic", recorder));
            Position first = get(node.publish("topic", KeyedMessage.text("one")));
            assertEquals("one", recorder.received.poll(30, TimeUnit.SECONDS));
            server.stop();
            awaitDisconnect(connection);
            ExecutionException away = assertThrows(
                    ExecutionException.class, () -> get(node.publish("topic", KeyedMessage.text("refused"))));
            assertInstanceOf(IOException.class, away.getCause());
            server.startAgain();
            Position second = publishAtLast(node, "two");
            assertEquals("two", recorder.received.poll(60, TimeUnit.SECONDS));
            assertEquals(first.epoch(), second.epoch());
            assertEquals(1, get(node.replay("topic", first)).entries().size());
            assertFalse(recorder.lost.isDone());
        }
    }

    @Test
    void aNodeThatLosesItsTopicsIsToldAndOpensThemAgain() throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection connection = server.connect();
                Backbone node = NatsBackbone.over(connection, NatsStream.named("lose"), WhenAway.LOSE_TOPICS)) {
            Recorder recorder = new Recorder();
            get(node.open("topic", recorder));
            server.stop();
            assertInstanceOf(IOException.class, recorder.lost.get(30, TimeUnit.SECONDS));
            server.startAgain();
            publishAtLast(node, "one");
            Recorder again = new Recorder();
            get(node.open("topic", again));
            get(node.publish("topic", KeyedMessage.text("two")));
            assertEquals("two", again.received.poll(30, TimeUnit.SECONDS));
            assertEquals(0, recorder.received.size());
        }
    }

    @Test
    void aServerThatHasForgottenItsStreamBeginsAnotherEpoch() throws Exception {
        NatsStream named = NatsStream.named("memory");
        NatsStream stream =
                new NatsStream("memory", named.messagesPerTopic(), named.maxAge(), named.duplicateWindow(), 1, true);
        try (NatsServer server = NatsServer.start();
                Connection connection = server.connect();
                Backbone node = NatsBackbone.over(connection, stream, WhenAway.WAIT)) {
            Recorder recorder = new Recorder();
            get(node.open("topic", recorder));
            Position first = get(node.publish("topic", KeyedMessage.text("one")));
            server.stop();
            awaitDisconnect(connection);
            server.startAgain();
            assertInstanceOf(IOException.class, recorder.lost.get(60, TimeUnit.SECONDS));
            Position second = publishAtLast(node, "two");
            assertFalse(first.epoch().equals(second.epoch()));
            assertFalse(get(node.replay("topic", first)).recovered());
        }
    }

    @Test
    void aStreamWithOtherLimitsIsRefusedWithAReason() throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection connection = server.connect()) {
            NatsStream stream = NatsStream.named("limits");
            NatsBackbone.over(connection, stream, WhenAway.WAIT).close();
            NatsBackbone.over(connection, stream, WhenAway.WAIT).close();
            NatsStream other = new NatsStream("limits", 5, stream.maxAge(), stream.duplicateWindow(), 1, false);
            IOException refused =
                    assertThrows(IOException.class, () -> NatsBackbone.over(connection, other, WhenAway.WAIT));
            assertTrue(String.valueOf(refused.getMessage()).contains("other limits"), refused.toString());
        }
    }
}
