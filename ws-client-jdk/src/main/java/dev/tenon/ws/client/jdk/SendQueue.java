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

/** The sends of one kind, which run one at a time. Each completes a future on an executor. Thread-safe. */
final class SendQueue {
    /** Prepares a message while no other send of this kind is running. */
    interface Preparation {
        /** Returns the action that sends the message; it may be called again after {@code REFUSED}. */
        Supplier<SendResult> prepare() throws IOException;
    }

    private final WebSocket connection;
    private final Executor executor;
    private final Supplier<CompletableFuture<Boolean>> cleanEnd;
    private final AtomicBoolean pending = new AtomicBoolean();

    /**
     * The sends of a connection.
     *
     * @param cleanEnd whether both ends have sent Close frames; called after the end
     */
    SendQueue(WebSocket connection, Executor executor, Supplier<CompletableFuture<Boolean>> cleanEnd) {
        this.connection = connection;
        this.executor = executor;
        this.cleanEnd = cleanEnd;
    }

    /** Sends a message, unless another send is running or the output is closed. */
    <T> CompletableFuture<T> send(T value, boolean outputClosed, Preparation preparation) {
        if (!pending.compareAndSet(false, true)) {
            return CompletableFuture.failedFuture(new IllegalStateException("another send has not completed yet"));
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            if (outputClosed) {
                throw closed();
            }
            attempt(preparation.prepare(), value, result);
        } catch (Throwable rejected) { // also an Error, because later sends wait for this one
            pending.set(false);
            result.completeExceptionally(rejected);
        }
        return result;
    }

    /** Sends a message. If it is refused, tries again after all earlier bytes have been sent. */
    private <T> void attempt(Supplier<SendResult> send, T value, CompletableFuture<T> result) throws IOException {
        boolean taken = send.get() != SendResult.REFUSED;
        if (!taken && connection.readyState() != ReadyState.OPEN) {
            throw closed();
        }
        connection.whenSent().whenComplete((nothing, failure) -> {
            if (taken && failure != null) {
                settleAfterEnd(value, failure, result);
                return;
            }
            if (taken || failure != null) {
                settle(value, failure, result);
                return;
            }
            try {
                attempt(send, value, result);
            } catch (Throwable rejected) {
                settle(value, rejected, result);
            }
        });
    }

    /** Completes a send of an ended connection: all bytes before a Close frame have been sent. */
    private <T> void settleAfterEnd(T value, Throwable failure, CompletableFuture<T> result) {
        CompletableFuture<?> unused = cleanEnd.get().thenAccept(clean -> settle(value, clean ? null : failure, result));
    }

    private <T> void settle(T value, @Nullable Throwable failure, CompletableFuture<T> result) {
        Threads.run(executor, () -> {
            pending.set(false);
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(Threads.cause(failure));
            }
        });
    }

    static IOException closed() {
        return new IOException("the output is closed");
    }
}
