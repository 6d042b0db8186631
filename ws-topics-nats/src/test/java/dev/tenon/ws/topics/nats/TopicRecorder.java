package dev.tenon.ws.topics.nats;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.topics.Backbone;
import dev.tenon.ws.topics.Entry;
import dev.tenon.ws.topics.KeyedMessage;
import dev.tenon.ws.topics.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Records the messages of a topic on one node. */
final class TopicRecorder implements Backbone.Receiver {
    final CompletableFuture<Throwable> lost = new CompletableFuture<>();
    private final List<Position> received = new ArrayList<>();

    static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** Opens a topic on a node. */
    static TopicRecorder open(Backbone node, String topic) throws Exception {
        TopicRecorder recorder = new TopicRecorder();
        get(node.open(topic, recorder));
        return recorder;
    }

    /** Publishes messages without waiting in between; returns their positions. */
    static List<Position> burst(Backbone node, String topic, int count) throws Exception {
        List<CompletionStage<Position>> published = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            published.add(node.publish(topic, KeyedMessage.text("message " + i)));
        }
        List<Position> positions = new ArrayList<>();
        for (CompletionStage<Position> each : published) {
            positions.add(get(each));
        }
        return positions;
    }

    static Position publish(Backbone node, String topic) throws Exception {
        return burst(node, topic, 1).get(0);
    }

    @Override
    public synchronized void received(Entry entry) {
        received.add(entry.position());
    }

    @Override
    public void lost(Throwable cause) {
        lost.complete(cause);
    }

    synchronized List<Position> received() {
        return List.copyOf(received);
    }

    /** Waits until the last message has arrived, or the topic was lost. */
    void awaitEnd(Position last) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!lost.isDone() && !received().contains(last)) {
            assertTrue(System.nanoTime() < end, "neither the last message nor a word about it");
            Thread.onSpinWait();
        }
    }

    /** Waits until the messages have arrived; they are all that this node has received. */
    void awaitAll(List<Position> messages) {
        awaitEnd(messages.get(messages.size() - 1));
        assertFalse(lost.isDone(), () -> "lost: " + lost.join());
        assertTrue(messages.equals(received()), () -> "received " + received() + " instead of " + messages);
    }
}
