package dev.tenon.ws.client.step;

import dev.tenon.ws.transport.EventLoop;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A call of the user's code that may block. It runs on an executor, and its result is delivered on the loop. Cancelling
 * interrupts the call and drops its result. If the loop has ended, the result is dropped too.
 *
 * @param <T> the result of the call
 */
public final class OffLoopCall<T> implements Step<T> {
    private final @Nullable Executor executor;
    private final EventLoop loop;
    private final Object key;
    private final String what;
    private final FutureTask<T> task;
    private @Nullable Outcome<? super T> outcome;
    private @Nullable Runnable withdrawal;

    /**
     * A call.
     *
     * @param executor runs the call; null for the {@link SharedExecutor}
     * @param key calls with the same key may delay each other, see {@link SharedExecutor}
     * @param what the name of the call in messages
     */
    public OffLoopCall(@Nullable Executor executor, EventLoop loop, Object key, String what, Callable<T> call) {
        this.executor = executor;
        this.loop = loop;
        this.key = key;
        this.what = what;
        this.task = new FutureTask<>(call) {
            @Override
            protected void done() {
                onLoop(OffLoopCall.this::deliver);
            }

            @Override
            public void run() {
                super.run();
                boolean unused = Thread.interrupted(); // clears an interrupt of a late cancel or of the call itself
            }
        };
    }

    @Override
    public void start(Outcome<? super T> outcome) {
        this.outcome = outcome;
        if (executor == null) {
            withdrawal = SharedExecutor.execute(key, task, this::rejected);
            return;
        }
        try {
            executor.execute(task);
        } catch (Throwable refused) {
            rejected(refused);
        }
    }

    private void rejected(Throwable cause) {
        Outcome<? super T> receiver = outcome;
        Runnable tell = () -> {
            if (receiver != null && receiver == outcome) {
                receiver.failed(new IOException("the executor has refused " + what, cause));
            }
        };
        onLoop(tell);
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException stopped) {
            // the end of the loop fails what waits for this call
        }
    }

    private void deliver() {
        Outcome<? super T> receiver = outcome;
        outcome = null;
        if (receiver == null || task.isCancelled()) {
            return;
        }
        T result;
        try {
            result = task.get();
        } catch (ExecutionException e) {
            receiver.failed(asIoException(e.getCause() == null ? e : e.getCause()));
            return;
        } catch (InterruptedException e) { // impossible: the task is done
            receiver.failed(new IOException(what, e));
            return;
        }
        receiver.succeeded(result);
    }

    private IOException asIoException(Throwable cause) {
        return cause instanceof IOException io ? io : new IOException(what + " has failed: " + cause, cause);
    }

    @Override
    public void cancel() {
        outcome = null;
        task.cancel(true);
        if (withdrawal != null) {
            withdrawal.run();
        }
    }

    @Override
    public String awaitedEvent() {
        return what;
    }
}
