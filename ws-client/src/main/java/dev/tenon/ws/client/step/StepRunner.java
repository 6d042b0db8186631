package dev.tenon.ws.client.step;

import dev.tenon.ws.transport.EventLoop;
import dev.tenon.ws.transport.Timer;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Drives a connect: runs one step after the other, each with its own deadline, and all within one overall timeout. Any
 * exception of a step, of a continuation or of the user's code in them leads to one call of {@code failed}.
 *
 * <p>Belongs to its event loop. After {@link #stop()} or the call of {@code failed}, no step is running and no timer is
 * set.
 */
public final class StepRunner {
    /** An action that may throw any exception. */
    @FunctionalInterface
    public interface Action {
        void run() throws Exception;
    }

    /** The action after a step. */
    @FunctionalInterface
    public interface Continuation<T> {
        void accept(T result) throws Exception;
    }

    private final EventLoop loop;
    private final Consumer<Throwable> failed;
    private @Nullable Running<?> current;
    private @Nullable Timer deadline;
    private @Nullable Timer overall;
    private String lastStep = "its first step";
    private boolean over;

    /**
     * A runner without a step.
     *
     * @param failed called once if a step fails, and not after {@link #stop()}
     */
    public StepRunner(EventLoop loop, Consumer<Throwable> failed) {
        this.loop = loop;
        this.failed = failed;
    }

    public EventLoop loop() {
        return loop;
    }

    public boolean isOver() {
        return over;
    }

    /** Sets the overall timeout, which replaces an earlier one; {@link Nanos#FOREVER} for none. */
    public void limit(long timeoutNanos, long leftNanos) {
        cancel(overall);
        overall = schedule(leftNanos, () -> timedOut(timeoutNanos, " in all, at last for "));
    }

    /** Runs a step, and the continuation if it succeeds. If the step fails, the connect fails. */
    public <T> void run(Step<T> step, long timeoutNanos, Continuation<? super T> then) {
        run(step, timeoutNanos, then, this::fail);
    }

    /** Runs a step, and one of two continuations. A step that exceeds its deadline has failed. */
    public <T> void run(
            Step<T> step, long timeoutNanos, Continuation<? super T> then, Continuation<? super Throwable> otherwise) {
        if (over) {
            return;
        }
        Running<T> running = new Running<>(step, then, otherwise);
        current = running;
        deadline = schedule(timeoutNanos, () -> running.expire(timeoutNanos));
        guard(() -> step.start(running));
    }

    private @Nullable Timer schedule(long nanos, Action task) {
        return nanos >= Nanos.FOREVER ? null : loop.schedule(nanos, () -> guard(task));
    }

    /** Runs an action after the current event. */
    public void later(Action task) {
        try {
            loop.execute(() -> {
                if (!over) {
                    guard(task);
                }
            });
        } catch (RejectedExecutionException stopped) {
            fail(new IOException("the client was closed", stopped));
        }
    }

    /** Runs an action. If it throws, the connect fails with the exception. */
    public void guard(Action task) {
        try {
            task.run();
        } catch (Throwable thrown) { // also an Error, because the future must complete
            fail(thrown);
        }
    }

    /** Fails the connect. Does nothing if it has ended. */
    public void fail(Throwable cause) {
        if (!over) {
            stop();
            failed.accept(cause);
        }
    }

    /** Stops the connect: cancels the current step and the timers. Does nothing if it has ended. */
    public void stop() {
        over = true;
        cancel(overall);
        Running<?> running = current;
        endStep();
        if (running != null) {
            running.step.cancel();
        }
    }

    private void endStep() {
        current = null;
        cancel(deadline);
        deadline = null;
    }

    private static void cancel(@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }

    private void timedOut(long nanos, String how) {
        Running<?> running = current;
        fail(running == null ? timeout(nanos, how, lastStep) : timeout(nanos, how, running.step));
    }

    /** The failure of a step at its deadline: the known failure of the step, or a timeout. */
    private static Throwable timeout(long nanos, String how, Step<?> step) {
        SocketTimeoutException late = timeout(nanos, how, step.awaitedEvent());
        Throwable known = step.failureSoFar();
        if (known == null) {
            return late;
        }
        known.addSuppressed(late);
        return known;
    }

    private static SocketTimeoutException timeout(long nanos, String how, String what) {
        return new SocketTimeoutException("waited " + nanos / 1_000_000 + " ms" + how + what);
    }

    private final class Running<T> implements Step.Outcome<T> {
        private final Step<T> step;
        private final Continuation<? super T> then;
        private final Continuation<? super Throwable> otherwise;

        Running(Step<T> step, Continuation<? super T> then, Continuation<? super Throwable> otherwise) {
            this.step = step;
            this.then = then;
            this.otherwise = otherwise;
        }

        private boolean ends() {
            if (current != this) {
                return false;
            }
            lastStep = step.awaitedEvent();
            endStep();
            return true;
        }

        @Override
        public void succeeded(T result) {
            if (ends()) {
                guard(() -> then.accept(result));
            }
        }

        @Override
        public void failed(Throwable cause) {
            if (ends()) {
                guard(() -> otherwise.accept(cause));
            }
        }

        void expire(long nanos) {
            Throwable late = timeout(nanos, " for ", step);
            if (ends()) {
                step.cancel();
                guard(() -> otherwise.accept(late));
            }
        }
    }
}
