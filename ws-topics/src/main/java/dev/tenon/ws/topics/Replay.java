package dev.tenon.ws.topics;

import java.util.List;

/**
 * What came after a position.
 *
 * @param recovered whether {@code entries} is all that came after the position. False if the history does not reach back to
 *     it, or is another one
 * @param entries all messages after the position, in order; empty if not recovered
 * @param end the position of the last message of the topic
 */
public record Replay(boolean recovered, List<Entry> entries, Position end) {
    /**
     * Copies the list.
     *
     * @param recovered whether {@code entries} is all that came after the position. False if the history does not reach back to
     *     it, or is another one
     * @param entries all messages after the position, in order; empty if not recovered
     * @param end the position of the last message of the topic
     */
    public Replay {
        entries = List.copyOf(entries);
    }

    /**
     * All that came after a position.
     *
     * @param entries the messages
     * @param end the position of the last message of the topic
     * @return a replay that recovers
     */
    public static Replay of(List<Entry> entries, Position end) {
        return new Replay(true, entries, end);
    }

    /**
     * The history cannot tell what came after the position.
     *
     * @param end the position of the last message of the topic
     * @return a replay without messages
     */
    public static Replay notRecovered(Position end) {
        return new Replay(false, List.of(), end);
    }
}
