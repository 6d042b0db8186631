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
 * <p>One thread at a time grants permits, and those that others release meanwhile. So calls of {@code granted} that
 * release permits do not nest, however many of them follow each other.
 *
 * @param <K> the type of the keys
 */
public final class KeyedSemaphore<K> {
    private final Map<K, Queue> queues = new HashMap<>();
    /** Keys whose first permit may be granted. */
    private final Set<K> changed = new LinkedHashSet<>();
    /** Whether a thread grants permits. */
    private boolean granting;

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
            grantAll(key);
        }

        /** Releases the permit, or leaves the queue. Does nothing the second time. */
        public void release() {
            leave(this);
            grantAll(key);
        }

        /** Whether it was granted and not released since. */
        boolean isHeld() {
            synchronized (KeyedSemaphore.this) {
                return state == State.HELD;
            }
        }
    }

    /**
     * Returns a permit that is not requested yet.
     *
     * @param limit how many permits of the key may be held, including this one
     * @param granted called once when the permit is held: within {@link Permit#request}, or on a thread that requests or
     *     releases another permit. It must be short and must not throw; it may request and release permits
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

    private void grantAll(K key) {
        if (!beginGranting(key)) {
            return; // the thread that grants permits does it
        }
        boolean done = false;
        try {
            Permit next;
            while ((next = next()) != null) {
                next.granted.run();
            }
            done = true;
        } finally {
            if (!done) {
                endGranting(); // the next call goes on
            }
        }
    }

    private synchronized boolean beginGranting(K key) {
        changed.add(key);
        boolean begins = !granting;
        granting = true;
        return begins;
    }

    private synchronized void endGranting() {
        granting = false;
    }

    /** The next permit that is granted. If there is none, the granting ends. */
    private synchronized @Nullable Permit next() {
        Iterator<K> keys = changed.iterator();
        while (keys.hasNext()) {
            Permit next = poll(keys.next());
            if (next != null) {
                return next;
            }
            keys.remove();
        }
        granting = false;
        return null;
    }

    private @Nullable Permit poll(K key) {
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

    /** Returns how many keys are in use. */
    public synchronized int keys() {
        return queues.size();
    }
}
