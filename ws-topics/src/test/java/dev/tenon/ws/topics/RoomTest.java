package dev.tenon.ws.topics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.frame.CloseCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A topic of a node whose backbone counts the messages of all topics together, and responds when the test wants it. */
class RoomTest {
    private final ManualLoop loop = new ManualLoop();
    private final FakeConnection connection = new FakeConnection(loop);
    private final Scripted backbone = new Scripted();
    private final ClusterTopics topics = ClusterTopics.over(backbone);

    private static Position at(long offset) {
        return new Position("E", offset);
    }

    private static Entry entry(long offset, String text) {
        return new Entry(at(offset), MessageType.TEXT, ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    /** Ends at 5 when its topic is opened. */
    private static final class Scripted implements Backbone {
        final CompletableFuture<Replay> replay = new CompletableFuture<>();

        @Nullable
        private Receiver receiver;

        private boolean receiving;

        void deliver(Entry entry) {
            receiving = true;
            Objects.requireNonNull(receiver).received(entry);
            receiving = false;
        }

        @Override
        public CompletionStage<Position> open(String topic, Receiver opened) {
            receiver = opened;
            return CompletableFuture.completedStage(at(5));
        }

        @Override
        public void release(String topic) {
            assertFalse(receiving, "a receiver has called the backbone");
            receiver = null;
        }

        @Override
        public CompletionStage<Position> publish(String topic, KeyedMessage publication) {
            throw new AssertionError();
        }

        @Override
        public CompletionStage<Replay> replay(String topic, Position after) {
            return replay;
        }

        @Override
        public void close() {}
    }

    private static @Nullable Throwable failure(CompletionStage<?> stage) {
        CompletableFuture<?> future = stage.toCompletableFuture();
        assertTrue(future.isDone(), "the subscription does not complete");
        return assertThrows(CompletionException.class, future::join).getCause();
    }

    /** Another node has given the client the end of the whole stream, at which this topic has no message. */
    @Test
    void aResumeBehindTheNewestMessageOfAQuietTopicCompletes() {
        CompletionStage<Subscription> resumed = topics.resume("a", connection.webSocket, at(9));
        backbone.replay.complete(Replay.of(List.of(), at(5)));
        loop.drain();
        assertTrue(resumed.toCompletableFuture().isDone(), "the subscription does not complete");
        assertEquals(
                new Subscription(at(9), true), resumed.toCompletableFuture().join());
        backbone.deliver(entry(12, "x"));
        loop.drain();
        assertEquals(List.of("x"), connection.received);
    }

    @Test
    void aMessageThatTheClientHasAndThisNodeReceivesLateIsNotSentAgain() {
        CompletionStage<Subscription> resumed = topics.resume("a", connection.webSocket, at(9));
        backbone.replay.complete(Replay.of(List.of(), at(9)));
        loop.drain();
        assertFalse(resumed.toCompletableFuture().isDone(), "the message at 9 would come twice");
        backbone.deliver(entry(9, "known"));
        backbone.deliver(entry(10, "x"));
        loop.drain();
        assertEquals(List.of("x"), connection.received);
        assertTrue(resumed.toCompletableFuture().join().recovered());
    }

    @Test
    void aConnectionThatEndsWhileItWaitsForALiveMessageIsForgotten() {
        CompletionStage<Subscription> resumed = topics.resume("a", connection.webSocket, at(9));
        backbone.replay.complete(Replay.of(List.of(), at(9)));
        loop.drain();
        loop.event(connection::end);
        assertInstanceOf(IOException.class, failure(resumed));
        assertTrue(topics.isEmpty(), "the topic is kept");
    }

    @Test
    void aConnectionThatEndsWhileItWaitsForItsReplayIsForgotten() {
        CompletionStage<Subscription> resumed = topics.resume("a", connection.webSocket, at(1));
        loop.event(connection::end);
        assertInstanceOf(IOException.class, failure(resumed));
        assertTrue(topics.isEmpty(), "the topic is kept");
        FakeConnection ended = new FakeConnection(loop);
        loop.event(ended::end);
        assertInstanceOf(IOException.class, failure(topics.resume("a", ended.webSocket, at(1))));
        assertTrue(topics.isEmpty(), "the topic is kept");
    }

    /** Delivers more live messages than may wait, and checks that this ends the connection. */
    private void assertTooMuchEnds(CompletionStage<Subscription> resumed) {
        for (int i = 0; i < 20_000; i++) {
            backbone.deliver(entry(6 + i, ""));
        }
        loop.drain();
        assertEquals(CloseCode.TRY_AGAIN_LATER, connection.closeCode);
        assertInstanceOf(IOException.class, failure(resumed));
        assertTrue(topics.isEmpty(), "the topic is kept");
    }

    @Test
    void aConnectionForWhichTooMuchWaitsEndsBeforeItsReplay() {
        CompletionStage<Subscription> resumed = topics.resume("a", connection.webSocket, at(1));
        assertTooMuchEnds(resumed);
    }

    /** Its last part does not leave, so the task that continues does not run. */
    @Test
    void aConnectionForWhichTooMuchWaitsEndsWhileItsReplayIsSent() {
        connection.sent = new CompletableFuture<>();
        CompletionStage<Subscription> resumed = topics.resume("a", connection.webSocket, at(4));
        backbone.replay.complete(Replay.of(List.of(entry(5, "x")), at(5)));
        loop.drain();
        assertTooMuchEnds(resumed);
    }

    /** JSON makes six characters of a control character. */
    @Test
    void anEnvelopeThatMakesMessagesLongerDoesNotMakeATurnLonger() {
        ClusterTopics json = ClusterTopics.over(backbone, Envelope.json());
        connection.sent = new CompletableFuture<>();
        json.resume("a", connection.webSocket, at(0));
        String text = "\u0001".repeat(64 * 1024);
        backbone.replay.complete(
                Replay.of(List.of(entry(1, text), entry(2, text), entry(3, text), entry(4, "x")), at(5)));
        loop.drain();
        int received = connection.received.stream().mapToInt(String::length).sum();
        assertTrue(received < 500_000, received + " bytes in one turn");
        CompletableFuture<?> sent = connection.sent.toCompletableFuture();
        connection.sent = CompletableFuture.completedStage(null);
        sent.complete(null);
        loop.drain();
        assertEquals(5, connection.received.size());
    }

    /** The last subscribers leave because their loop has stopped, which a message reveals. */
    @Test
    void aStoppedLoopReleasesTheTopicOutsideTheCallOfTheReceiver() {
        topics.subscribe("a", connection.webSocket);
        loop.drain();
        loop.stop();
        backbone.deliver(entry(6, "x"));
        assertEquals(0, topics.size("a"));
        connection.end();
        assertTrue(topics.isEmpty(), "the topic is kept");
    }

    @Test
    void aStoppedLoopEndsASubscriptionOutsideTheCallOfTheReceiver() {
        CompletionStage<Subscription> resumed = topics.resume("a", connection.webSocket, at(9));
        backbone.replay.complete(Replay.of(List.of(), at(9)));
        loop.drain();
        loop.stop();
        backbone.deliver(entry(10, "x"));
        connection.end();
        assertInstanceOf(IOException.class, failure(resumed));
        assertTrue(topics.isEmpty(), "the topic is kept");
    }

    /** It unsubscribes before it ends, so its end does not concern the topic any more. */
    @Test
    void aStoppedLoopWhoseSubscriberLeavesReleasesTheTopic() {
        topics.subscribe("a", connection.webSocket);
        loop.drain();
        loop.stop();
        backbone.deliver(entry(6, "x"));
        loop.event(() -> topics.unsubscribe("a", connection.webSocket));
        assertTrue(topics.isEmpty(), "the topic is kept");
    }
}
