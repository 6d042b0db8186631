package dev.tenon.ws.client.step;

import org.jspecify.annotations.Nullable;

/**
 * One step of a connect. A {@link StepRunner} starts it once, on the event loop, and cancels it at most once.
 *
 * @param <T> the result of the step
 */
public interface Step<T> {
    /** Starts. Calls one method of the outcome once, on the event loop, unless it is cancelled before. May throw instead. */
    void start(Outcome<? super T> outcome);

    /** Cancels the step and frees its resources. The outcome is not called any more. */
    void cancel();

    /** What the step waits for, as a part of a message: "the address of example.org". */
    String awaitedEvent();

    /**
     * Returns the failure that is already known although the step is not complete, such as a refusal whose body is
     * missing. Null if there is none.
     */
    default @Nullable Throwable failureSoFar() {
        return null;
    }

    /** How a step ends. */
    interface Outcome<T> {
        /** The step has succeeded. The receiver owns the result. */
        void succeeded(T result);

        /** The step has failed and has freed its resources. */
        void failed(Throwable cause);
    }
}
