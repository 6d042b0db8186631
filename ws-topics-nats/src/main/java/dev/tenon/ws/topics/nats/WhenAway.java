package dev.tenon.ws.topics.nats;

/** What a node does while its connection to NATS is broken. */
public enum WhenAway {
    /**
     * {@code publish} fails. Topics stay open; when the connection is back, they receive what they have missed from the
     * stream.
     */
    REFUSE,
    /**
     * {@code publish} fails, and all topics of the node are lost: {@code ClusterTopics} closes their subscribers with 1013, so
     * that they reconnect to a node that can reach NATS, and resume there.
     */
    CLOSE,
    /**
     * {@code publish} delivers to the subscribers of this node alone, at once, in a history of its own: its positions have
     * another epoch. Other nodes never receive these messages. When the connection is back, the topics in which that happened
     * are lost, and a client that resumes from one of these positions is told that it cannot be recovered. Topics in which
     * nothing was published continue as with {@link #REFUSE}.
     */
    LOCAL_ONLY
}
