package dev.tenon.ws.server;

import dev.tenon.ws.connection.ConnectionExecutor;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.transport.Transport;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls an endpoint or a handler, on the event loop or on an executor, and hands its result to {@code done} on the loop.
 * {@code done} is called exactly once, unless the loop has ended; it must not throw.
 */
record ExchangeCall<T>(
        ConnectionExecutor loop,
        @Nullable Executor executor,
        Callable<CompletionStage<T>> call,
        BiConsumer<@Nullable T, @Nullable Throwable> done) {
    /** Runs tasks on the loop of a transport, which fails if a task throws. */
    private record Loop(Transport transport) implements ConnectionExecutor {
        @Override
        public boolean isCurrentThread() {
            return transport.inLoop();
        }

        @Override
        public void execute(Runnable task) {
            transport.execute(task);
        }
    }

    ExchangeCall(
            Transport transport,
            @Nullable Executor executor,
            Callable<CompletionStage<T>> call,
            BiConsumer<@Nullable T, @Nullable Throwable> done) {
        this(new Loop(transport), executor, call, done);
    }

    void run() {
        if (executor == null) {
            start();
            return;
        }
        try {
            executor.execute(this::start);
        } catch (RejectedExecutionException full) {
            done.accept(null, HandshakeException.refuse(503, "the server is busy"));
        } catch (Throwable broken) {
            done.accept(null, broken);
        }
    }

    private void start() {
        CompletionStage<T> stage;
        try {
            stage = call.call();
            if (stage == null) {
                throw new NullPointerException(
                        "the endpoint or handler has returned null instead of a response or a stage");
            }
            stage.whenComplete((result, failure) -> finish(result, unwrapped(failure)));
        } catch (Throwable failure) {
            finish(null, failure);
        }
    }

    private static @Nullable Throwable unwrapped(@Nullable Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private void finish(@Nullable T result, @Nullable Throwable failure) {
        if (loop.isCurrentThread()) {
            done.accept(result, failure);
            return;
        }
        try {
            loop.execute(() -> done.accept(result, failure));
        } catch (RejectedExecutionException stopped) {
            if (result instanceof Reply unsent) { // the loop has ended, and the connection with it
                unsent.close();
            }
        }
    }
}
