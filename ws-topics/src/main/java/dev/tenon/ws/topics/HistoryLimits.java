package dev.tenon.ws.topics;

/**
 * The limits of the history in a {@link LocalBackbone}.
 *
 * @param messages the greatest number of messages of a topic
 * @param bytes the greatest number of payload bytes of a topic; the newest message is kept even if it is longer
 * @param idleTopics the greatest number of topics that no node has opened; beyond it, the least recently used one is
 *     removed
 */
public record HistoryLimits(int messages, long bytes, int idleTopics) {
    /** 1,000 messages and 1 MiB for a topic, and 10,000 topics that no node has opened. */
    public static final HistoryLimits DEFAULT = new HistoryLimits(1_000, 1 << 20, 10_000);

    /**
     * Checks the numbers.
     *
     * @param messages the greatest number of messages of a topic
     * @param bytes the greatest number of payload bytes of a topic
     * @param idleTopics the greatest number of topics that no node has opened
     */
    public HistoryLimits {
        if (messages < 1 || bytes < 1 || idleTopics < 1) {
            throw new IllegalArgumentException("limits are 1 or more: " + messages + ", " + bytes + ", " + idleTopics);
        }
    }
}
