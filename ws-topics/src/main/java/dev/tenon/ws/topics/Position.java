package dev.tenon.ws.topics;

/**
 * The position of a message in the history of its topic. Two messages never have the same position.
 *
 * @param epoch the identifier of the history; a new history after a loss has another epoch
 * @param offset the number of the message in it; offsets increase from message to message, not always by 1. 0 is the
 *     beginning, before the first message
 */
public record Position(String epoch, long offset) {
    /**
     * Checks the parts.
     *
     * @param epoch the identifier of the history
     * @param offset the number of the message in it, 0 or more
     */
    public Position {
        if (epoch.isEmpty() || epoch.indexOf(':') >= 0) {
            throw new IllegalArgumentException("an epoch is not empty and has no colon, unlike '" + epoch + "'");
        }
        if (offset < 0) {
            throw new IllegalArgumentException("an offset is 0 or more, not " + offset);
        }
    }

    /**
     * Reads the text of {@link #toString()}.
     *
     * @param text the epoch, a colon, the offset
     * @return the position
     * @throws IllegalArgumentException if the text has another form
     */
    public static Position parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 1 || !isNumber(text, colon + 1)) {
            throw new IllegalArgumentException("not a position: " + text);
        }
        return new Position(text.substring(0, colon), Long.parseLong(text.substring(colon + 1)));
    }

    /** Whether this is behind a position of the same history, or in another history. */
    boolean isAfter(Position other) {
        return !epoch.equals(other.epoch) || offset > other.offset;
    }

    /** Whether the text has only digits, few enough for a long. */
    private static boolean isNumber(String text, int from) {
        int digits = text.length() - from;
        return digits >= 1 && digits <= 18 && text.chars().skip(from).allMatch(c -> c >= '0' && c <= '9');
    }

    /**
     * The position as text, for a client to keep and to send back.
     *
     * @return the epoch, a colon, the offset
     */
    @Override
    public String toString() {
        return epoch + ":" + offset;
    }
}
