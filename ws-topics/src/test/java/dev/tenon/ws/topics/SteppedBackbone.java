package dev.tenon.ws.topics;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One node of a backbone on which nothing happens at once: what comes live waits in one queue, what was asked for in another,
 * and a test moves either on by a step.
 */
final class SteppedBackbone implements Backbone {
    private final Backbone node;
    private final Deque<Runnable> live = new ArrayDeque<>();
    private final Deque<Runnable> requests = new ArrayDeque<>();
    final java.util.Set<String> open = new java.util.HashSet<>();

    SteppedBackbone(Backbone node) {
        this.node = node;
    }

    boolean stepLive() {
        return step(live);
    }

    boolean stepRequests() {
        return step(requests);
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
        open.add(topic);
        requests.add(() -> {
            Position position = node.open(topic, new Receiver() {
                        @Override
                        public void received(Entry entry) {
                            live.add(() -> {
                                if (open.contains(topic)) {
                                    receiver.received(entry);
                                }
                            });
                        }

                        @Override
                        public void lost(Throwable cause) {
                            live.add(() -> receiver.lost(cause));
                        }
                    })
                    .toCompletableFuture()
                    .join();
            requests.add(() -> opened.complete(position));
        });
        return opened;
    }

    @Override
    public void release(String topic) {
        open.remove(topic);
        live.clear(); // of the one topic that the tests have
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
