package dev.tenon.ws.connection;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Who wants to know when what was written up to a position of the outbound stream has left. */
final class SentQueue {
    private record Awaited(long position, CompletableFuture<@Nullable Void> sent) {}

    private final Deque<Awaited> queue = new ArrayDeque<>();

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
    }
}
