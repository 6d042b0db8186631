package dev.tenon.ws.topics.nats;

/** What a node does while it has no connection to NATS. In both cases it publishes nothing: {@code publish} fails. */
public enum WhenAway {
    /** Topics stay open. When the connection is back, they get what they have missed from the stream. */
    WAIT,
    /**
     * Topics are lost, so that their subscribers are closed with 1013, come back to a node that can reach NATS, and resume
     * there.
     */
    LOSE_TOPICS
}
