package dev.tenon.ws.client.step;

import dev.tenon.ws.transport.EventLoop;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The permits of one connect. The steps that wait for them belong to its event loop. {@link #close} releases the permits
 * on the calling thread, because the loop may be blocked, and other connects wait for them. Thread-safe.
 */
public final class Permits {
    private final EventLoop loop;
    private final Set<KeyedSemaphore<String>.Permit> requested = new HashSet<>();
    private boolean closed;

    /** Without a permit. */
    public Permits(EventLoop loop) {
        this.loop = loop;
    }

    /**
     * Waits for a permit.
     *
     * @param limit how many permits of the key may be held, including this one
     * @param what the name of the step in messages
     */
    public Step<KeyedSemaphore<String>.Permit> request(
            KeyedSemaphore<String> semaphore, String key, int limit, String what) {
        return new PermitStep(this, semaphore, key, limit, loop, what);
    }

    /** Adds a permit before it is requested. If this is closed, releases it, so that it is never granted. */
    void add(KeyedSemaphore<String>.Permit permit) {
        if (!keep(permit)) {
            permit.release();
        }
    }

    private synchronized boolean keep(KeyedSemaphore<String>.Permit permit) {
        return !closed && requested.add(permit);
    }

    /** Releases a permit, or leaves its queue. */
    public void release(KeyedSemaphore<String>.Permit permit) {
        synchronized (this) {
            requested.remove(permit);
        }
        permit.release();
    }

    /** Releases all permits, and grants no more. */
    public void close() {
        List<KeyedSemaphore<String>.Permit> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(requested);
            requested.clear();
        }
        all.forEach(KeyedSemaphore<String>.Permit::release);
    }
}
