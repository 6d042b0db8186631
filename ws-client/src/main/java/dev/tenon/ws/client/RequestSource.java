package dev.tenon.ws.client;

import static java.util.Objects.requireNonNull;

import dev.tenon.ws.client.step.OffLoopCall;
import dev.tenon.ws.client.step.StepRunner;
import dev.tenon.ws.transport.EventLoop;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Creates the request of each connect of a {@link ReconnectingWebSocket}, with its options. Belongs to the event loop.
 *
 * @param client has the defaults of the options
 * @param loop the loop of the reconnecting connection
 * @param requests creates the requests
 * @param key suppliers with the same key may delay each other
 */
record RequestSource(ClientContext client, EventLoop loop, RequestSupplier requests, Object key) {
    /** A fixed request without options of its own. It needs no call on an executor, because it has no code of the user. */
    record FixedRequest(PreparedRequest prepared) implements RequestSupplier {
        @Override
        public ConnectRequest next(@Nullable Disconnect last) {
            return prepared.request();
        }
    }

    /**
     * Creates the next request, on an executor if the user's code may block.
     *
     * @param attempt fails with an exception of the user's code; if it is cancelled, the call is interrupted
     * @param then receives the request, on the loop
     */
    void next(@Nullable Disconnect last, CompletableFuture<?> attempt, Consumer<PreparedRequest> then) {
        if (requests instanceof FixedRequest fixed) {
            then.accept(fixed.prepared);
            return;
        }
        StepRunner runner = new StepRunner(loop, attempt::completeExceptionally);
        CompletableFuture<?> unused = attempt.whenComplete((open, failure) -> stop(runner));
        Callable<PreparedRequest> call =
                () -> PreparedRequest.of(requireNonNull(requests.next(last), "the request is null"), client.defaults());
        runner.run(
                new OffLoopCall<>(client.defaults().executor, loop, key, "the creation of the request", call),
                client.defaults().timeout,
                then::accept);
    }

    private void stop(StepRunner runner) {
        if (loop.inLoop()) {
            runner.stop();
            return;
        }
        try {
            loop.execute(runner::stop);
        } catch (RejectedExecutionException stopped) {
            // the end of the loop has cancelled the attempt
        }
    }
}
