package dev.tenon.ws.client;

import dev.tenon.ws.transport.Link;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

/** All that a client has open: connects under way, and links. What is closed waits here for the last of them. Thread-safe. */
final class Ledger {
    private final Set<Connecting> connects = new HashSet<>();
    private final Set<Link> links = new HashSet<>();
    private boolean closed;

    /** Enters a connect; returns whether it may begin. */
    synchronized boolean begins(Connecting connect) {
        return !closed && connects.add(connect);
    }

    synchronized void ended(Connecting connect) {
        connects.remove(connect);
        notifyAll();
    }

    /** Enters a link until it is closed. On the link's loop. */
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

    /** Lets nothing begin any more, gives up what has not become a connection, and ends the connections with 1001. */
    void drain() {
        synchronized (this) {
            closed = true;
        }
        for (Connecting connect : connects()) {
            connect.fail(new IOException("the client was closed"));
        }
        links().forEach(link -> onLoop(link, link::drain));
    }

    void abort() {
        links().forEach(link -> onLoop(link, link::abort));
    }

    private static void onLoop(Link link, Runnable task) {
        try {
            link.loop().execute(task);
        } catch (RejectedExecutionException stopped) {
            // the loop has closed it
        }
    }

    private synchronized List<Connecting> connects() {
        return List.copyOf(connects);
    }

    private synchronized List<Link> links() {
        return List.copyOf(links);
    }

    /** Waits until nothing is open; returns whether that came to be in time. */
    synchronized boolean awaitNone(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        while (!connects.isEmpty() || !links.isEmpty()) {
            long leftMillis = (end - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                return false;
            }
            wait(leftMillis);
        }
        return true;
    }
}
