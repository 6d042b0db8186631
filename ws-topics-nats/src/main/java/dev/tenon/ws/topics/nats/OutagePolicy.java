package dev.tenon.ws.topics.nats;

/** How a node behaves while its connection to NATS is broken. */
public enum OutagePolicy {
    /**
     * {@code publish} fails. Topics stay open; after the reconnect they receive the missed messages from the stream.
     */
    REFUSE,
    /**
     * {@code publish} fails, and all topics of the node are lost: {@code ClusterTopics} closes their subscribers with 1013, so
     * that they reconnect to a node that can reach NATS, and resume there.
     */
    CLOSE,
    /**
     * {@code publish} delivers at once, only to the subscribers of this node, in a separate history: its positions have
     * another epoch. Other nodes never receive these messages. After the reconnect the topics with such messages are
     * lost, and a client that resumes from one of these positions is not recovered. Other topics continue as with
     * {@link #REFUSE}.
     */
    LOCAL_ONLY
}
