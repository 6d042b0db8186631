package dev.tenon.ws.topics;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One node of a backbone that does nothing by itself: live messages wait in one queue, responses to requests in
 * another, and a test lets either continue by a step.
 */
final class SteppedBackbone implements Backbone {
    private Backbone node;
    private final Deque<Runnable> live = new ArrayDeque<>();
    private final Deque<Runnable> requests = new ArrayDeque<>();
    final Map<String, Receiver> open = new HashMap<>();

    SteppedBackbone(Backbone node) {
        this.node = node;
    }

    boolean stepLive() {
        return step(live);
    }

    boolean stepRequests() {
        return step(requests);
    }

    /** Continues on another backbone. Its messages follow those that are in flight. */
    void continueOn(Backbone other) {
        open.keySet().forEach(node::release);
        node = other;
        open.forEach(node::open);
    }

    /** Loses all topics, and uses another backbone from now on. */
    void loseTopics(Backbone other) {
        List<Receiver> lost = List.copyOf(open.values());
        open.keySet().forEach(node::release);
        open.clear();
        node = other;
        live.clear(); // the tests use only one topic
        lost.forEach(receiver -> receiver.lost(new IOException("the others are back")));
    }

    private static boolean step(Deque<Runnable> queue) {
        Runnable next = queue.poll();
        if (next != null) {
            next.run();
        }
        return next != null;
    }

    @Override
    public CompletionStage<Position> open(String topic, Receiver receiver) {
        CompletableFuture<Position> opened = new CompletableFuture<>();
        Receiver queued = new Receiver() {
            @Override
            public void received(Entry entry) {
                live.add(() -> {
                    if (open.get(topic) == this) {
                        receiver.received(entry);
                    }
                });
            }

            @Override
            public void lost(Throwable cause) {
                receiver.lost(cause);
            }
        };
        requests.add(() -> {
            open.put(topic, queued);
            Position position = node.open(topic, queued).toCompletableFuture().join();
            requests.add(() -> opened.complete(position));
        });
        return opened;
    }

    @Override
    public void release(String topic) {
        open.remove(topic);
        live.clear(); // the tests use only one topic
        node.release(topic);
    }

    @Override
    public CompletionStage<Position> publish(String topic, KeyedMessage publication) {
        return node.publish(topic, publication);
    }

    @Override
    public CompletionStage<Replay> replay(String topic, Position after) {
        CompletableFuture<Replay> replayed = new CompletableFuture<>();
        requests.add(() -> {
            Replay replay = node.replay(topic, after).toCompletableFuture().join();
            requests.add(() -> replayed.complete(replay));
        });
        return replayed;
    }

    @Override
    public void close() {
        node.close();
    }
}
