package dev.tenon.ws.connection;

/**
 * Which senders were told that there is no room, and are to be told when there is. Those that send the next piece of a
 * message have room earlier than the others: what waits for the end of the message is not before them. Thread-safe.
 */
final class RoomRequests {
    private volatile boolean any;
    private volatile boolean pieces;

    /** A sender was told that there is no room; returns whether nobody of its kind had been told so before. */
    boolean add(boolean continues) {
        boolean first = continues ? !pieces : !any;
        if (continues) {
            pieces = true;
        } else {
            any = true;
        }
        return first; // two threads may see that at once: then the connection is told twice, and no more
    }

    /**
     * Forgets those who have room now; returns whether there are any.
     *
     * @param waiting what waits in all
     * @param blocked what of it waits for the end of the message under way
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
