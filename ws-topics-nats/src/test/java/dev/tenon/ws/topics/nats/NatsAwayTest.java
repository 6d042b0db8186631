package dev.tenon.ws.topics.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** NATS stops and comes back. */
@SuppressWarnings("try") // a connection may be interrupted while it closes
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

    /** Publishes with one key until NATS is available again. */
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

    @ParameterizedTest
    @EnumSource
    void aNodeThatRefusesContinuesWhenNatsIsBack(Outage outage) throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection connection = server.connect();
                Backbone node = NatsBackbone.over(connection, NatsStream.named("refuse"), OutagePolicy.REFUSE)) {
            Recorder recorder = new Recorder();
            get(node.open("topic", recorder));
            Position first = get(node.publish("topic", KeyedMessage.text("one")));
            assertEquals("one", recorder.received.poll(30, TimeUnit.SECONDS));
            outage.begin(server, connection);
            ExecutionException away = assertThrows(
                    ExecutionException.class, () -> get(node.publish("topic", KeyedMessage.text("refused"))));
            assertInstanceOf(IOException.class, away.getCause());
            outage.end(server);
            Position second = publishAtLast(node, "two");
            assertEquals("two", recorder.received.poll(60, TimeUnit.SECONDS));
            assertEquals(first.epoch(), second.epoch());
            assertEquals(1, get(node.replay("topic", first)).entries().size());
            assertFalse(recorder.lost.isDone());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNodeThatClosesLosesItsTopicsAndOpensThemAgain(Outage outage) throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection connection = server.connect();
                Backbone node = NatsBackbone.over(connection, NatsStream.named("close"), OutagePolicy.CLOSE)) {
            Recorder recorder = new Recorder();
            get(node.open("topic", recorder));
            outage.begin(server, connection);
            assertInstanceOf(IOException.class, recorder.lost.get(30, TimeUnit.SECONDS));
            outage.end(server);
            publishAtLast(node, "one");
            Recorder again = new Recorder();
            get(node.open("topic", again));
            get(node.publish("topic", KeyedMessage.text("two")));
            assertEquals("two", again.received.poll(30, TimeUnit.SECONDS));
            assertEquals(0, recorder.received.size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLocalNodeDeliversToItselfAndReportsThatItsHistoryHasAGap(Outage outage) throws Exception {
        try (NatsServer server = NatsServer.start();
                Connection connection = server.connect();
                Backbone node = NatsBackbone.over(connection, NatsStream.named("local"), OutagePolicy.LOCAL_ONLY)) {
            Recorder recorder = new Recorder();
            Recorder quiet = new Recorder();
            get(node.open("topic", recorder));
            get(node.open("quiet", quiet));
            Position before = get(node.publish("topic", KeyedMessage.text("before")));
            assertEquals("before", recorder.received.poll(30, TimeUnit.SECONDS));

            outage.begin(server, connection);
            Position alone = get(node.publish("topic", KeyedMessage.text("alone")));
            assertEquals("alone", recorder.received.poll(), "delivered at once");
            assertNotEquals(before.epoch(), alone.epoch());
            assertFalse(get(node.replay("topic", before)).recovered());
            Recorder late = new Recorder();
            Position end = get(node.open("opened while NATS is away", late));
            assertNotEquals(before.epoch(), end.epoch());
            ExecutionException nobody = assertThrows(
                    ExecutionException.class, () -> get(node.publish("nobody is here", KeyedMessage.text("x"))));
            assertInstanceOf(IOException.class, nobody.getCause());

            outage.end(server);
            assertInstanceOf(IOException.class, recorder.lost.get(60, TimeUnit.SECONDS));
            assertInstanceOf(IOException.class, late.lost.get(60, TimeUnit.SECONDS));
            Recorder again = new Recorder();
            get(node.open("topic", again));
            Position after = publishAtLast(node, "after");
            assertEquals("after", again.received.poll(60, TimeUnit.SECONDS));
            assertFalse(get(node.replay("topic", alone)).recovered());
            assertTrue(get(node.replay("topic", before)).recovered());
            assertEquals(
                    after, get(node.replay("topic", before)).entries().get(0).position());
            assertEquals(0, recorder.received.size());
            get(node.publish("quiet", KeyedMessage.text("nothing was missed here")));
            assertEquals("nothing was missed here", quiet.received.poll(60, TimeUnit.SECONDS));
            assertFalse(quiet.lost.isDone());
        }
    }

    @Test
    void aServerThatHasForgottenItsStreamBeginsAnotherEpoch() throws Exception {
        NatsStream named = NatsStream.named("memory");
        NatsStream stream =
                new NatsStream("memory", named.messagesPerTopic(), named.maxAge(), named.duplicateWindow(), 1, true);
        try (NatsServer server = NatsServer.start();
                Connection connection = server.connect();
                Backbone node = NatsBackbone.over(connection, stream, OutagePolicy.REFUSE)) {
            Recorder recorder = new Recorder();
            get(node.open("topic", recorder));
            Position first = get(node.publish("topic", KeyedMessage.text("one")));
            Outage.STOP.begin(server, connection);
            Outage.STOP.end(server);
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
            NatsBackbone.over(connection, stream, OutagePolicy.REFUSE).close();
            NatsBackbone.over(connection, stream, OutagePolicy.REFUSE).close();
            NatsStream other = new NatsStream("limits", 5, stream.maxAge(), stream.duplicateWindow(), 1, false);
            IOException refused =
                    assertThrows(IOException.class, () -> NatsBackbone.over(connection, other, OutagePolicy.REFUSE));
            assertTrue(String.valueOf(refused.getMessage()).contains("other limits"), refused.toString());
        }
    }
}
