package dev.tenon.ws.transport;

import java.util.concurrent.TimeUnit;

/** Counts the links of the event loops, and waits until there are none. Thread-safe. */
final class LinkCount {
    private int count;

    synchronized void opened() {
        count++;
    }

    synchronized void closed() {
        count--;
        if (count == 0) {
            notifyAll();
        }
    }

    synchronized int get() {
        return count;
    }

    /** Waits until there are no links; returns false at the timeout. */
    synchronized boolean awaitNone(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        while (count > 0) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }
}
