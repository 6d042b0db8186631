package dev.tenon.ws.topics;

/**
 * The position of a message in the history of its topic. Two messages never have the same position.
 *
 * @param epoch the identifier of the history; a new history after a loss has another epoch
 * @param offset the number of the message in it; offsets increase from message to message, not always by 1. 0 is the
 *     beginning, before the first message
 * @param mark letters, digits, {@code -} and {@code _} that tell the message from another one which a history that has lost
 *     its newest messages may have at the same offset; empty if the backbone needs none
 */
public record Position(String epoch, long offset, String mark) {
    /**
     * Checks the parts.
     *
     * @param epoch the identifier of the history
     * @param offset the number of the message in it, 0 or more
     * @param mark letters, digits, {@code -} and {@code _}, or empty
     */
    public Position {
        if (epoch.isEmpty() || epoch.indexOf(':') >= 0) {
            throw new IllegalArgumentException("an epoch is not empty and has no colon, unlike '" + epoch + "'");
        }
        if (offset < 0) {
            throw new IllegalArgumentException("an offset is 0 or more, not " + offset);
        }
        if (!mark.chars().allMatch(Position::isOfMark)) {
            throw new IllegalArgumentException("a mark has letters, digits, - and _, unlike '" + mark + "'");
        }
    }

    /**
     * A position without a mark.
     *
     * @param epoch the identifier of the history
     * @param offset the number of the message in it, 0 or more
     */
    public Position(String epoch, long offset) {
        this(epoch, offset, "");
    }

    private static boolean isOfMark(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    /**
     * Reads the text of {@link #toString()}.
     *
     * @param text the epoch, a colon, the offset, and a mark behind a dot if there is one
     * @return the position
     * @throws IllegalArgumentException if the text has another form
     */
    public static Position parse(String text) {
        int colon = text.indexOf(':');
        int dot = text.indexOf('.', colon + 1);
        int end = dot < 0 ? text.length() : dot;
        if (colon < 1 || !isNumber(text, colon + 1, end) || dot == text.length() - 1) {
            throw new IllegalArgumentException("not a position: " + text);
        }
        return new Position(
                text.substring(0, colon),
                Long.parseLong(text.substring(colon + 1, end)),
                dot < 0 ? "" : text.substring(dot + 1));
    }

    /** Whether this is behind a position of the same history, or in another history. */
    boolean isAfter(Position other) {
        return !epoch.equals(other.epoch) || offset > other.offset;
    }

    /** Whether a part of the text has only digits, few enough for a long. */
    private static boolean isNumber(String text, int from, int to) {
        int digits = to - from;
        return digits >= 1 && digits <= 18 && text.substring(from, to).chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /**
     * The position as text, for a client to keep and to send back.
     *
     * @return the epoch, a colon, the offset, and the mark behind a dot if there is one
     */
    @Override
    public String toString() {
        return epoch + ":" + offset + (mark.isEmpty() ? "" : "." + mark);
    }
}
