package dev.tenon.ws.connection;

/**
 * The requests of senders that wait for room. Senders of the next piece of a message get room earlier than other
 * senders, because mails that wait for the end of the message are not before the piece. Thread-safe.
 */
final class RoomRequests {
    private volatile boolean any;
    private volatile boolean pieces;

    /** Adds a request of a sender; returns whether it is the first one of its kind. */
    boolean add(boolean continues) {
        boolean first = continues ? !pieces : !any;
        if (continues) {
            pieces = true;
        } else {
            any = true;
        }
        return first; // two threads may both see true, which wakes the connection twice and does no harm
    }

    /**
     * Removes the requests for which there is room now; returns whether there were any.
     *
     * @param waiting the cost of all mails that wait
     * @param blocked the cost of those mails that wait for the end of the current message
     */
    boolean takeIfDue(long waiting, long blocked) {
        boolean due = (any && waiting == 0) || (pieces && waiting == blocked);
        if (due) {
            pieces = false;
        }
        if (due && waiting == 0) {
            any = false;
        }
        return due;
    }

    boolean isEmpty() {
        return !any && !pieces;
    }
}
