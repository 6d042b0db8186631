package dev.tenon.ws.topics;

/**
 * How much history a {@link LocalBackbone} keeps.
 *
 * @param messages the most messages of a topic
 * @param bytes the most payload bytes of a topic; the newest message is kept even if it is longer
 * @param idleTopics from how many topics on those that no node has opened are forgotten, the least recently used first
 */
public record HistoryLimits(int messages, long bytes, int idleTopics) {
    /** 1,000 messages and 1 MiB for a topic, and 10,000 topics. */
    public static final HistoryLimits DEFAULT = new HistoryLimits(1_000, 1 << 20, 10_000);

    /**
     * Checks the numbers.
     *
     * @param messages the most messages of a topic
     * @param bytes the most payload bytes of a topic; the newest message is kept even if it is longer
     * @param idleTopics from how many topics on those that no node has opened are forgotten, the least recently used first
     */
    public HistoryLimits {
        if (messages < 1 || bytes < 1 || idleTopics < 1) {
            throw new IllegalArgumentException("limits are 1 or more: " + messages + ", " + bytes + ", " + idleTopics);
        }
    }
}
