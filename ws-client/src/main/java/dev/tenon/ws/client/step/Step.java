package dev.tenon.ws.client.step;

import org.jspecify.annotations.Nullable;

/**
 * One step of a connect. A {@link StepRunner} starts it once, on the event loop, and cancels it at most once.
 *
 * @param <T> what the step gives
 */
public interface Step<T> {
    /** Starts. Calls one method of the outcome once, on the event loop, unless it is cancelled before. May throw instead. */
    void start(Outcome<? super T> outcome);

    /** Gives up: frees what the step holds. The outcome is not called any more. */
    void cancel();

    /** What the step waits for, as a part of a message: "the address of example.org". */
    String waitsFor();

    /** The failure that is certain already, though it is not complete: the rest of a refusal is missing. Null if there is none. */
    default @Nullable Throwable failureSoFar() {
        return null;
    }

    /** How a step ends. */
    interface Outcome<T> {
        /** The step has succeeded, and what it gives belongs to the caller. */
        void succeeded(T result);

        /** The step has failed, and holds nothing any more. */
        void failed(Throwable cause);
    }
}
