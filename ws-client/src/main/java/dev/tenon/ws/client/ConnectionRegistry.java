package dev.tenon.ws.client;

import dev.tenon.ws.transport.Link;
import dev.tenon.ws.transport.RateLimitedLog;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

/**
 * All running connects, reconnecting connections and links of a client. {@code close()} blocks here until none remains.
 * Thread-safe.
 */
final class ConnectionRegistry {
    /** An operation that may open links. */
    interface Entry {
        /** The client was closed. The operation must end and open no more links. From any thread. */
        void clientClosed();

        /**
         * An event loop has failed and has ended. An operation that belongs to it must end and free its resources, because
         * no task and no timer of it runs any more. On the loop's thread.
         */
        void loopEnded();
    }

    private static final RateLimitedLog FAILURES =
            new RateLimitedLog(System.getLogger("dev.tenon.ws.client"), Level.ERROR);
    private static final long LEAST_ABORT_NANOS = 250_000_000;
    private static final long MOST_ABORT_NANOS = 1_000_000_000;

    private final Set<Entry> entries = new LinkedHashSet<>();
    private final Set<Link> links = new HashSet<>();
    private boolean closed;

    /** Registers an operation; returns false if the client is closed. */
    synchronized boolean register(Entry entry) {
        return !closed && entries.add(entry);
    }

    synchronized void ended(Entry entry) {
        entries.remove(entry);
        notifyAll();
    }

    /** Registers a link until it is closed. On the link's loop. */
    void opened(Link link) {
        synchronized (this) {
            links.add(link);
        }
        link.whenClosed(() -> closed(link));
    }

    private synchronized void closed(Link link) {
        links.remove(link);
        notifyAll();
    }

    /** Ends what belongs to the event loop of the calling thread, which has failed and has ended. Does not throw. */
    void loopEnded() {
        entries().forEach(entry -> end(entry::loopEnded));
        links().stream()
                .filter(link -> link.loop().inLoop())
                .forEach(link -> end(() -> {
                    closed(link); // a selector that is closed does not tell its links
                    link.abort();
                }));
    }

    /** An exception of one must not hide the end of the loop from the others. */
    private static void end(Runnable one) {
        try {
            one.run();
        } catch (Throwable thrown) {
            FAILURES.log("a connect or connection could not be ended with its event loop", thrown);
        }
    }

    /**
     * Ends all operations and connections, and blocks until none remains. In the last eighth of the time, at most a
     * second, it aborts the remaining connections. Returns whether the caller was interrupted, which shortens the wait.
     */
    boolean close(long nanos) {
        long abortNanos = Math.min(nanos / 8, MOST_ABORT_NANOS);
        drain();
        boolean interrupted = awaitNone(nanos - abortNanos);
        abort();
        interrupted |= awaitNone(Math.max(abortNanos, LEAST_ABORT_NANOS));
        return interrupted;
    }

    /** Rejects new operations, cancels running connects, and ends the connections with 1001. */
    private void drain() {
        synchronized (this) {
            closed = true;
        }
        entries().forEach(Entry::clientClosed); // first reconnecting connections, then their connects
        links().forEach(link -> onLoop(link, link::drain));
    }

    private void abort() {
        links().forEach(link -> onLoop(link, link::abort));
    }

    private static void onLoop(Link link, Runnable task) {
        try {
            link.loop().execute(task);
        } catch (RejectedExecutionException stopped) {
            // the loop has closed it
        }
    }

    private synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    private synchronized List<Link> links() {
        return List.copyOf(links);
    }

    /** Waits until nothing is open, or for the given time. Returns whether the caller was interrupted. */
    private synchronized boolean awaitNone(long nanos) {
        long end = System.nanoTime() + nanos;
        try {
            while (!entries.isEmpty() || !links.isEmpty()) {
                long leftMillis = (end - System.nanoTime()) / 1_000_000;
                if (leftMillis <= 0) {
                    return false;
                }
                wait(leftMillis);
            }
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }
}
