package dev.tenon.ws.connection;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Who wants to know when what was written up to a position of the outbound stream has left. */
final class SentQueue {
    private record Awaited(long position, CompletableFuture<@Nullable Void> sent) {}

    private final Deque<Awaited> queue = new ArrayDeque<>(2);
    /** Those who wait until nothing is buffered any more; null nearly always. */
    private @Nullable Deque<CompletableFuture<@Nullable Void>> room;

    void add(long position, CompletableFuture<@Nullable Void> sent) {
        queue.add(new Awaited(position, sent));
    }

    /** All up to a position has left. */
    void left(long position) {
        for (Awaited next = queue.peek(); next != null && next.position <= position; next = queue.peek()) {
            queue.remove();
            next.sent.complete(null);
        }
    }

    /** What is still in the queue will never leave. */
    void fail(Throwable cause) {
        for (Awaited next = queue.poll(); next != null; next = queue.poll()) {
            next.sent.completeExceptionally(cause);
        }
        Deque<CompletableFuture<@Nullable Void>> waiting = room;
        room = null;
        if (waiting != null) {
            waiting.forEach(never -> never.completeExceptionally(cause));
        }
    }

    void addForRoom(CompletableFuture<@Nullable Void> waiting) {
        if (room == null) {
            room = new ArrayDeque<>(2);
        }
        room.add(waiting);
    }

    /** Nothing is buffered any more. */
    void room() {
        Deque<CompletableFuture<@Nullable Void>> waiting = room;
        room = null;
        if (waiting != null) {
            waiting.forEach(told -> told.complete(null));
        }
    }
}
