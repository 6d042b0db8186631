package dev.tenon.ws.client.step;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A fair semaphore per key: at most {@code n} holders, the rest wait in FIFO order. Each permit has its own {@code n};
 * the first in the queue of a key waits until fewer than its {@code n} permits of that key are held. Thread-safe.
 *
 * @param <K> the type of the keys
 */
public final class KeyedSemaphore<K> {
    private final Map<K, Queue> queues = new HashMap<>();

    private final class Queue {
        final Set<Permit> waiting = new LinkedHashSet<>();
        int held;
    }

    private enum State {
        NEW,
        WAITING,
        HELD,
        RELEASED
    }

    /** A permit, which is held after it was requested and granted. */
    public final class Permit {
        private final K key;
        private final int limit;
        private final Runnable granted;
        private State state = State.NEW;

        private Permit(K key, int limit, Runnable granted) {
            this.key = key;
            this.limit = limit;
            this.granted = granted;
        }

        /** Joins the queue. Does nothing if it was released before. */
        public void request() {
            join(this);
            grantNext(key);
        }

        /** Releases the permit, or leaves the queue. Does nothing the second time. */
        public void release() {
            leave(this);
            grantNext(key);
        }

        /** Whether it was granted and not released since. */
        boolean isHeld() {
            synchronized (KeyedSemaphore.this) {
                return state == State.HELD;
            }
        }
    }

    /**
     * A permit that is not requested yet.
     *
     * @param limit how many permits of the key may be held, including this one
     * @param granted called once when the permit is held: within {@link Permit#request}, or on the thread that releases
     *     another permit. It must be short and must not throw
     */
    public Permit permit(K key, int limit, Runnable granted) {
        return new Permit(key, limit, granted);
    }

    private synchronized void join(Permit permit) {
        if (permit.state == State.NEW) {
            permit.state = State.WAITING;
            queues.computeIfAbsent(permit.key, key -> new Queue()).waiting.add(permit);
        }
    }

    private synchronized void leave(Permit permit) {
        State before = permit.state;
        permit.state = State.RELEASED;
        Queue queue = queues.get(permit.key);
        if (queue == null) {
            return;
        }
        switch (before) {
            case WAITING -> queue.waiting.remove(permit);
            case HELD -> queue.held--;
            case NEW, RELEASED -> {}
        }
        if (queue.held == 0 && queue.waiting.isEmpty()) {
            queues.remove(permit.key);
        }
    }

    private void grantNext(K key) {
        Permit next;
        while ((next = poll(key)) != null) {
            next.granted.run();
        }
    }

    private synchronized @Nullable Permit poll(K key) {
        Queue queue = queues.get(key);
        if (queue == null || queue.waiting.isEmpty()) {
            return null;
        }
        Iterator<Permit> waiting = queue.waiting.iterator();
        Permit first = waiting.next();
        if (queue.held >= first.limit) {
            return null;
        }
        waiting.remove();
        queue.held++;
        first.state = State.HELD;
        return first;
    }

    /** How many keys are in use. */
    public synchronized int keys() {
        return queues.size();
    }
}
