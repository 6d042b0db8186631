package dev.tenon.ws.topics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.PreparedMessage;
import dev.tenon.ws.connection.ReadyState;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An envelope or a backbone that throws: no subscriber misses a message silently, and each subscription completes. */
class ThrowingEnvelopeTest {
    private final ManualLoop loop = new ManualLoop();
    private final FakeConnection connection = new FakeConnection(loop);

    private static final class Fault extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static final class FatalFault extends Error {
        private static final long serialVersionUID = 1;
    }

    /** Throws at the texts "bad" and "fatal", and at each begin if the test wants it. */
    private static final class Throwing implements Envelope {
        boolean throwsAtBegin;

        @Override
        public PreparedMessage wrap(Entry entry) {
            if (entry.text().equals("bad")) {
                throw new Fault();
            }
            if (entry.text().equals("fatal")) {
                throw new FatalFault();
            }
            return PreparedMessage.text(entry.text());
        }

        @Override
        public @Nullable PreparedMessage begin(Position position, boolean recovered) {
            if (throwsAtBegin) {
                throw new Fault();
            }
            return null;
        }
    }

    private final Throwing envelope = new Throwing();
    private final Backbone backbone = LocalBackbone.create();
    private final ClusterTopics topics = ClusterTopics.over(backbone, envelope);

    private static @Nullable Throwable failure(CompletionStage<?> stage) {
        CompletableFuture<?> future = stage.toCompletableFuture();
        assertTrue(future.isDone(), "the subscription does not complete");
        return assertThrows(CompletionException.class, future::join).getCause();
    }

    @Test
    void aMessageThatCannotBeWrappedClosesTheSubscribersThatWouldMissIt() {
        topics.subscribe("a", connection.webSocket);
        loop.drain();
        assertThrows(Fault.class, () -> topics.publishText("a", "bad"));
        topics.publishText("a", "good");
        loop.drain();
        assertEquals(ReadyState.CLOSING, connection.state, "received " + connection.received + " without an end");
        assertEquals(List.of(), connection.received);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bad", "fatal"})
    void aMessageThatOneNodeCannotWrapReachesTheOthers(String text) {
        LocalBackbone first = LocalBackbone.create();
        ClusterTopics.over(first, envelope).subscribe("a", connection.webSocket);
        FakeConnection other = new FakeConnection(loop);
        ClusterTopics plain = ClusterTopics.over(first.node());
        plain.subscribe("a", other.webSocket);
        loop.drain();
        Class<? extends Throwable> fault = text.equals("bad") ? Fault.class : FatalFault.class;
        assertThrows(fault, () -> plain.publishText("a", text));
        loop.drain();
        assertEquals(List.of(text), other.received);
    }

    @Test
    void aReplayThatCannotBeWrappedFailsTheSubscription() {
        Position first = topics.publishText("a", "x").toCompletableFuture().join();
        topics.publishText("a", "bad");
        CompletionStage<Subscription> resumed = topics.resume("a", connection.webSocket, first);
        loop.drain();
        assertInstanceOf(Fault.class, failure(resumed));
        assertEquals(ReadyState.CLOSING, connection.state);
        assertTrue(topics.isEmpty(), "the topic is kept");
    }

    @Test
    void aBeginThatThrowsFailsTheSubscription() {
        envelope.throwsAtBegin = true;
        CompletionStage<Subscription> subscribed = topics.subscribe("a", connection.webSocket);
        loop.drain();
        assertInstanceOf(Fault.class, failure(subscribed));
        assertEquals(ReadyState.CLOSING, connection.state);
        assertTrue(topics.isEmpty(), "the topic is kept");
    }

    @Test
    void aBackboneThatThrowsFailsEachSubscription() {
        ClusterTopics second = ClusterTopics.over(backbone); // the backbone belongs to the first
        topics.subscribe("a", connection.webSocket);
        loop.drain();
        for (int i = 0; i < 2; i++) {
            CompletionStage<Subscription> refused = second.subscribe("a", new FakeConnection(loop).webSocket);
            loop.drain();
            assertInstanceOf(IllegalStateException.class, failure(refused));
            assertTrue(second.isEmpty(), "the topic is kept");
        }
    }
}
