package dev.tenon.ws.connection;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The requests of senders that wait for room. Senders of the next piece of a message get room earlier than other
 * senders, because mails that wait for the end of the message are not before the piece. Thread-safe.
 */
final class RoomRequests {
    private final AtomicBoolean any = new AtomicBoolean();
    private final AtomicBoolean pieces = new AtomicBoolean();

    /** Adds a request of a sender; returns whether it is the first one of its kind. */
    boolean add(boolean continues) {
        return !(continues ? pieces : any).getAndSet(true);
    }

    /**
     * Removes the requests for which there is room now; returns whether there were any.
     *
     * @param waiting the cost of all mails that wait
     * @param blocked the cost of those mails that wait for the end of the current message
     */
    boolean takeIfDue(long waiting, long blocked) {
        boolean due = (any.get() && waiting == 0) || (pieces.get() && waiting == blocked);
        if (due) {
            pieces.set(false);
        }
        if (due && waiting == 0) {
            any.set(false);
        }
        return due;
    }

    boolean isEmpty() {
        return !any.get() && !pieces.get();
    }
}
