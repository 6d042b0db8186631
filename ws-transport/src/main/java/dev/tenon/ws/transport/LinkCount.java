package dev.tenon.ws.transport;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the links of the event loops, and waits until there are none. Thread-safe. Only the last link takes the lock,
 * because all loops share it.
 */
final class LinkCount {
    private final AtomicInteger count = new AtomicInteger();

    void opened() {
        count.incrementAndGet();
    }

    void closed() {
        if (count.decrementAndGet() == 0) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    int get() {
        return count.get();
    }

    /** Waits until there are no links; returns false at the timeout. */
    synchronized boolean awaitNone(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        while (count.get() > 0) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }
}
