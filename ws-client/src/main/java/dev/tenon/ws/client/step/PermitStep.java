package dev.tenon.ws.client.step;

import dev.tenon.ws.transport.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Waits for a permit of a {@link KeyedSemaphore}. */
final class PermitStep implements Step<KeyedSemaphore<String>.Permit> {
    private final Permits permits;
    private final KeyedSemaphore<String>.Permit permit;
    private final EventLoop loop;
    private final String what;
    private @Nullable Outcome<? super KeyedSemaphore<String>.Permit> outcome;

    PermitStep(Permits permits, KeyedSemaphore<String> semaphore, String key, int limit, EventLoop loop, String what) {
        this.permits = permits;
        this.permit = semaphore.permit(key, limit, this::granted);
        this.loop = loop;
        this.what = what;
    }

    @Override
    public void start(Outcome<? super KeyedSemaphore<String>.Permit> outcome) {
        this.outcome = outcome;
        permits.add(permit);
        permit.request();
    }

    /** Called on any thread. */
    private void granted() {
        try {
            loop.execute(this::deliver);
        } catch (RejectedExecutionException stopped) {
            permit.release(); // the end of the loop fails the connect that waits
        }
    }

    private void deliver() {
        if (outcome != null && permit.isHeld()) { // else the connect ends, and has released it on another thread
            outcome.succeeded(permit);
        }
    }

    @Override
    public void cancel() {
        outcome = null;
        permits.release(permit);
    }

    @Override
    public String awaitedEvent() {
        return what;
    }
}
