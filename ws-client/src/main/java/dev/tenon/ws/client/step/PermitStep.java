package dev.tenon.ws.client.step;

import dev.tenon.ws.transport.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a permit of a {@link KeyedSemaphore}.
 *
 * @param <K> the type of the semaphore's keys
 */
public final class PermitStep<K> implements Step<KeyedSemaphore<K>.Permit> {
    private final KeyedSemaphore<K>.Permit permit;
    private final EventLoop loop;
    private final String what;
    private @Nullable Outcome<? super KeyedSemaphore<K>.Permit> outcome;

    public PermitStep(KeyedSemaphore<K> semaphore, K key, int limit, EventLoop loop, String what) {
        this.permit = semaphore.permit(key, limit, this::granted);
        this.loop = loop;
        this.what = what;
    }

    @Override
    public void start(Outcome<? super KeyedSemaphore<K>.Permit> outcome) {
        this.outcome = outcome;
        permit.request();
    }

    /** Called on any thread. */
    private void granted() {
        try {
            loop.execute(this::deliver);
        } catch (RejectedExecutionException stopped) {
            permit.release(); // the loop has ended, and the waiting connect with it
        }
    }

    private void deliver() {
        if (outcome != null) {
            outcome.succeeded(permit);
        }
    }

    @Override
    public void cancel() {
        outcome = null;
        permit.release();
    }

    @Override
    public String awaitedEvent() {
        return what;
    }
}
