package dev.tenon.ws.topics;

/**
 * Where a message stands in the history of its topic. A position never names two messages.
 *
 * @param epoch which history; a history that is lost and begun anew has another epoch
 * @param offset the number of the message in it; offsets rise from message to message, not always by 1. 0 stands for the
 *     beginning, before the first message
 */
public record Position(String epoch, long offset) {
    /**
     * Checks the parts.
     *
     * @param epoch which history; a history that is lost and begun anew has another epoch
     * @param offset the number of the message in it; offsets rise from message to message, not always by 1. 0 stands for the
     *     beginning, before the first message
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
     * Reads what {@link #toString()} has written.
     *
     * @param text the epoch, a colon, the offset
     * @return the position
     * @throws IllegalArgumentException if the text is none
     */
    public static Position parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 1 || !isNumber(text, colon + 1)) {
            throw new IllegalArgumentException("not a position: " + text);
        }
        return new Position(text.substring(0, colon), Long.parseLong(text.substring(colon + 1)));
    }

    /** Whether this comes later than a position of the same history, or belongs to a history that has begun since. */
    boolean isAfter(Position other) {
        return !epoch.equals(other.epoch) || offset > other.offset;
    }

    /** Only digits, and few enough for a long. */
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
