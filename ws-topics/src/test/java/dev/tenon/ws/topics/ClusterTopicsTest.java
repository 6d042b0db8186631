package dev.tenon.ws.topics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.ReadyState;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.frame.CloseCode;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Failures: of the backbone, of slow subscribers, and of connections that end while they join. */
class ClusterTopicsTest {
    private final ManualLoop loop = new ManualLoop();
    private final FakeConnection connection = new FakeConnection(loop);

    private static @Nullable Throwable failure(CompletionStage<?> stage) {
        CompletableFuture<?> future = stage.toCompletableFuture();
        assertTrue(future.isDone());
        return assertThrows(CompletionException.class, future::join).getCause();
    }

    /** A backbone that the test lets fail. */
    private static final class Failing implements Backbone {
        final LocalBackbone node = LocalBackbone.create();

        @Nullable
        Receiver receiver;

        boolean opens = true;
        int released;

        @Override
        public CompletionStage<Position> open(String topic, Receiver opened) {
            receiver = opened;
            return opens ? node.open(topic, opened) : CompletableFuture.failedStage(new IOException("away"));
        }

        @Override
        public void release(String topic) {
            released++;
            node.release(topic);
        }

        @Override
        public CompletionStage<Position> publish(String topic, KeyedMessage publication) {
            return node.publish(topic, publication);
        }

        @Override
        public CompletionStage<Replay> replay(String topic, Position after) {
            return CompletableFuture.failedStage(new IOException("away"));
        }

        @Override
        public void close() {}
    }

    @Test
    void aTopicThatCannotBeOpenedFailsTheSubscription() {
        Failing backbone = new Failing();
        backbone.opens = false;
        ClusterTopics topics = ClusterTopics.over(backbone);
        assertInstanceOf(IOException.class, failure(topics.subscribe("a", connection.webSocket)));
        assertTrue(topics.isEmpty());
        assertEquals(CloseCode.TRY_AGAIN_LATER, connection.closeCode);
        backbone.opens = true;
        FakeConnection back = new FakeConnection(loop);
        CompletionStage<Subscription> again = topics.subscribe("a", back.webSocket);
        loop.drain();
        assertEquals(0, again.toCompletableFuture().join().position().offset());
        assertEquals(1, topics.size("a"));
    }

    @Test
    void aReplayThatFailsFailsTheSubscriptionAndReleasesTheTopic() {
        Failing backbone = new Failing();
        ClusterTopics topics = ClusterTopics.over(backbone);
        CompletionStage<Subscription> resumed = topics.resume("a", connection.webSocket, new Position("e", 1));
        assertInstanceOf(IOException.class, failure(resumed));
        assertEquals(CloseCode.TRY_AGAIN_LATER, connection.closeCode);
        assertTrue(topics.isEmpty());
        assertEquals(1, backbone.released);
    }

    @Test
    void subscribersOfALostTopicAreClosedWith1013() {
        Failing backbone = new Failing();
        ClusterTopics topics = ClusterTopics.over(backbone);
        topics.subscribe("a", connection.webSocket);
        loop.drain();
        FakeConnection onItsWay = new FakeConnection(loop);
        CompletionStage<Subscription> late = topics.subscribe("a", onItsWay.webSocket);
        Backbone.Receiver receiver = Objects.requireNonNull(backbone.receiver);
        receiver.lost(new IOException("away"));
        assertEquals(CloseCode.TRY_AGAIN_LATER, connection.closeCode);
        assertInstanceOf(IOException.class, failure(late));
        assertEquals(CloseCode.TRY_AGAIN_LATER, onItsWay.closeCode);
        assertTrue(topics.isEmpty());
        assertEquals(0, backbone.released, "it is not open any more");
    }

    @Test
    void aSubscriberThatIsTooSlowForItsReplayIsClosedWith1013() {
        ClusterTopics topics = ClusterTopics.over(LocalBackbone.create());
        Position first = topics.publishText("a", "x").toCompletableFuture().join();
        topics.publishText("a", "y");
        connection.onSend = text -> SendResult.REFUSED;
        CompletionStage<Subscription> resumed = topics.resume("a", connection.webSocket, first);
        loop.drain();
        assertInstanceOf(IOException.class, failure(resumed));
        assertEquals(CloseCode.TRY_AGAIN_LATER, connection.closeCode);
    }

    @Test
    void aSlowSubscriberIsClosedWith1013BecauseItHasMissedSomething() {
        ClusterTopics topics = ClusterTopics.over(LocalBackbone.create());
        topics.subscribe("a", connection.webSocket);
        loop.drain();
        connection.onSend = text -> SendResult.REFUSED;
        topics.publishText("a", "x");
        loop.drain();
        assertEquals(CloseCode.TRY_AGAIN_LATER, connection.closeCode);
    }

    @Test
    void aMessagePublishedRightAfterSubscribingArrives() {
        ClusterTopics topics = ClusterTopics.over(LocalBackbone.create());
        CompletionStage<Subscription> subscribed = topics.subscribe("a", connection.webSocket);
        topics.publishText("a", "x");
        loop.drain();
        assertEquals(List.of("x"), connection.received);
        assertFalse(subscribed.toCompletableFuture().join().recovered());
    }

    @Test
    void aLongReplayDoesNotDelayOthers() {
        ClusterTopics topics = ClusterTopics.over(LocalBackbone.create());
        Position first = topics.publishText("a", "x").toCompletableFuture().join();
        for (int i = 0; i < 900; i++) {
            topics.publishText("a", "y");
        }
        topics.resume("a", connection.webSocket, first);
        int steps = loop.drain();
        assertTrue(steps >= 4, "sent in " + steps + " turns");
        assertEquals(900, connection.received.size());
    }

    @Test
    void aConnectionThatEndsOnItsWayFailsItsSubscription() {
        ClusterTopics topics = ClusterTopics.over(LocalBackbone.create());
        CompletionStage<Subscription> subscribed = topics.subscribe("a", connection.webSocket);
        loop.event(connection::end);
        loop.drain();
        assertInstanceOf(IOException.class, failure(subscribed));
        assertTrue(topics.isEmpty());
    }

    @Test
    void unsubscribingOnTheWayFailsTheSubscription() {
        ClusterTopics topics = ClusterTopics.over(LocalBackbone.create());
        CompletionStage<Subscription> subscribed = topics.subscribe("a", connection.webSocket);
        topics.unsubscribe("a", connection.webSocket);
        loop.drain();
        assertInstanceOf(IOException.class, failure(subscribed));
        assertTrue(topics.isEmpty());
    }

    /** A page whose framework runs an effect twice subscribes twice. */
    @Test
    void aConnectionThatSubscribesTwiceReceivesAMessageOnce() {
        ClusterTopics topics = ClusterTopics.over(LocalBackbone.create());
        topics.subscribe("a", connection.webSocket);
        CompletionStage<Subscription> second = topics.subscribe("a", connection.webSocket);
        loop.step();
        topics.publishText("a", "x");
        loop.drain();
        assertEquals(List.of("x"), connection.received);
        topics.publishText("a", "y");
        loop.drain();
        assertEquals(List.of("x", "y"), connection.received);
        assertTrue(second.toCompletableFuture().isDone());
        assertEquals(1, topics.size("a"));
        topics.unsubscribe("a", connection.webSocket);
        loop.drain();
        assertTrue(topics.isEmpty());
    }

    @Test
    void aSubscriberThatResumesReceivesAMessageOnce() {
        ClusterTopics topics = ClusterTopics.over(LocalBackbone.create());
        Position first = topics.publishText("a", "x").toCompletableFuture().join();
        topics.resume("a", connection.webSocket, first);
        CompletionStage<Subscription> second = topics.resume("a", connection.webSocket, first);
        topics.publishText("a", "y");
        loop.drain();
        CompletionStage<Subscription> third = topics.resume("a", connection.webSocket, first);
        topics.publishText("a", "z");
        loop.drain();
        assertEquals(List.of("y", "z"), connection.received);
        assertTrue(second.toCompletableFuture().isDone());
        assertTrue(third.toCompletableFuture().isDone());
    }

    /** More than 4 MiB of live messages come during a replay, but never more than 2 MiB wait for the peer. */
    @Test
    void liveMessagesThatHaveLeftDoNotCountForTheLimit() {
        ClusterTopics history = ClusterTopics.over(LocalBackbone.create(new HistoryLimits(100, 100 << 20, 10)));
        String text = "x".repeat(1 << 20);
        Position first = history.publishText("a", "first").toCompletableFuture().join();
        history.publishText("a", text);
        connection.sent = new CompletableFuture<>();
        CompletionStage<Subscription> resumed = history.resume("a", connection.webSocket, first);
        loop.drain();
        for (int i = 0; i < 8; i++) {
            history.publishText("a", text + i);
            CompletionStage<?> leaves = connection.sent;
            connection.sent = new CompletableFuture<>();
            leaves.toCompletableFuture().complete(null);
            loop.drain();
            assertEquals(i + 2, connection.received.size());
        }
        assertFalse(resumed.toCompletableFuture().isDone());
        connection.sent.toCompletableFuture().complete(null);
        loop.drain();
        assertEquals(ReadyState.OPEN, connection.state);
        assertTrue(resumed.toCompletableFuture().join().recovered());
    }

    /** A replay of more bytes than a connection may have waiting, to a peer that reads slowly, while messages are published. */
    @Test
    void aLongReplayIsSentAsFastAsItsPeerReads() {
        ClusterTopics history = ClusterTopics.over(LocalBackbone.create(new HistoryLimits(100, 100 << 20, 10)));
        String text = "x".repeat(1 << 20);
        Position first = history.publishText("a", "first").toCompletableFuture().join();
        for (int i = 0; i < 8; i++) {
            history.publishText("a", text + i);
        }
        CompletableFuture<Void> sent = new CompletableFuture<>();
        connection.sent = sent;
        CompletionStage<Subscription> resumed = history.resume("a", connection.webSocket, first);
        loop.drain();
        assertEquals(1, connection.received.size(), "messages before the first has left");
        history.publishText("a", "live"); // it waits too
        loop.drain();
        assertEquals(1, connection.received.size(), "messages before the first has left");
        connection.sent = CompletableFuture.completedStage(null);
        sent.complete(null);
        loop.drain();
        assertEquals(9, connection.received.size());
        assertEquals("live", connection.received.get(8));
        assertEquals(ReadyState.OPEN, connection.state);
        assertTrue(resumed.toCompletableFuture().join().recovered());
    }
}
