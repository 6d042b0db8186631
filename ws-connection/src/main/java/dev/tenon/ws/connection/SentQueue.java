package dev.tenon.ws.connection;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The futures that complete when all bytes up to a position of the outbound stream have left. */
final class SentQueue {
    private record Awaited(long position, CompletableFuture<@Nullable Void> sent) {}

    private final Deque<Awaited> queue = new ArrayDeque<>(2);
    /** The futures that complete when no bytes are buffered any more; null in most cases. */
    private @Nullable Deque<CompletableFuture<@Nullable Void>> room;

    void add(long position, CompletableFuture<@Nullable Void> sent) {
        queue.add(new Awaited(position, sent));
    }

    /** All bytes up to a position have left. */
    void left(long position) {
        for (Awaited next = queue.peek(); next != null && next.position <= position; next = queue.peek()) {
            queue.remove();
            next.sent.complete(null);
        }
    }

    /** The connection has ended: fails all futures. */
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

    /** No bytes are buffered any more. */
    void room() {
        Deque<CompletableFuture<@Nullable Void>> waiting = room;
        room = null;
        if (waiting != null) {
            waiting.forEach(future -> future.complete(null));
        }
    }
}
