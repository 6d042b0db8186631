package dev.tenon.ws.topics;

import java.util.List;

/**
 * The messages behind a position.
 *
 * @param recovered whether {@code entries} has all messages behind the position; false if the history does not reach
 *     back to it, or is another one
 * @param entries all messages after the position, in order; empty if not recovered
 * @param end the position of the last message of the topic
 */
public record Replay(boolean recovered, List<Entry> entries, Position end) {
    /**
     * Copies the list.
     *
     * @param recovered whether {@code entries} has all messages behind the position
     * @param entries all messages after the position, in order; empty if not recovered
     * @param end the position of the last message of the topic
     */
    public Replay {
        entries = List.copyOf(entries);
    }

    /**
     * A successful replay.
     *
     * @param entries all messages behind the position
     * @param end the position of the last message of the topic
     * @return a replay with {@code recovered} true
     */
    public static Replay of(List<Entry> entries, Position end) {
        return new Replay(true, entries, end);
    }

    /**
     * A failed replay: the history does not have all messages behind the position.
     *
     * @param end the position of the last message of the topic
     * @return a replay without messages
     */
    public static Replay notRecovered(Position end) {
        return new Replay(false, List.of(), end);
    }
}
