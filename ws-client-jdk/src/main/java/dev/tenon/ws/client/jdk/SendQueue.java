package dev.tenon.ws.client.jdk;

import dev.tenon.ws.connection.ReadyState;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The sends of one kind, of which one at a time may be under way: each ends in a future, on an executor. Thread-safe. */
final class SendQueue {
    /** Makes ready what is to be sent, while no other send of this kind is under way. */
    interface Preparation {
        /** Says how it is sent; that may be asked for again, after a refusal. */
        Supplier<SendResult> prepare() throws IOException;
    }

    private final WebSocket connection;
    private final Executor executor;
    private final Supplier<CompletableFuture<Boolean>> cleanEnd;
    private final AtomicBoolean pending = new AtomicBoolean();

    /**
     * The sends of a connection.
     *
     * @param cleanEnd asked when it has ended: whether Close frames went both ways
     */
    SendQueue(WebSocket connection, Executor executor, Supplier<CompletableFuture<Boolean>> cleanEnd) {
        this.connection = connection;
        this.executor = executor;
        this.cleanEnd = cleanEnd;
    }

    /** Sends, unless another send is under way or the output is closed. */
    <T> CompletableFuture<T> send(T response, boolean outputClosed, Preparation preparation) {
        if (!pending.compareAndSet(false, true)) {
            return CompletableFuture.failedFuture(new IllegalStateException("another send is under way"));
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            if (outputClosed) {
                throw closed();
            }
            attempt(preparation.prepare(), response, result);
        } catch (IOException | RuntimeException rejected) {
            pending.set(false);
            result.completeExceptionally(rejected);
        }
        return result;
    }

    /** What is refused is sent when there is room: when all that was sent before has left. */
    private <T> void attempt(Supplier<SendResult> send, T response, CompletableFuture<T> result) throws IOException {
        boolean taken = send.get() != SendResult.REFUSED;
        if (!taken && connection.readyState() != ReadyState.OPEN) {
            throw closed();
        }
        connection.whenSent().whenComplete((nothing, failure) -> {
            if (taken && failure != null) {
                settleAfterEnd(response, failure, result);
                return;
            }
            if (taken || failure != null) {
                settle(response, failure, result);
                return;
            }
            try {
                attempt(send, response, result);
            } catch (IOException | RuntimeException rejected) {
                settle(response, rejected, result);
            }
        });
    }

    /** The connection may have ended before it could be asked: in front of a Close frame everything has left. */
    private <T> void settleAfterEnd(T response, Throwable failure, CompletableFuture<T> result) {
        CompletableFuture<?> unused =
                cleanEnd.get().thenAccept(clean -> settle(response, clean ? null : failure, result));
    }

    private <T> void settle(T response, @Nullable Throwable failure, CompletableFuture<T> result) {
        Threads.run(executor, () -> {
            pending.set(false);
            if (failure == null) {
                result.complete(response);
            } else {
                result.completeExceptionally(Threads.cause(failure));
            }
        });
    }

    static IOException closed() {
        return new IOException("the output is closed");
    }
}
