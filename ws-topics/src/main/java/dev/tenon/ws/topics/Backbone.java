package dev.tenon.ws.topics;

import java.util.concurrent.CompletionStage;

/**
 * Carries the messages of topics between processes, and keeps the newest of them. An object of this type is one process's
 * access; several processes, called nodes here, share the topics.
 *
 * <p>Every implementation guarantees these rules, which {@code BackboneLaws} of ws-testkit check:
 *
 * <ul>
 *   <li>All nodes receive the messages of a topic in one order, that of their positions.
 * <li>Two messages never have the same position. After a loss, a new history begins with another epoch.
 *   <li>A node that has opened a topic receives every message behind the position that {@link #open} has returned, each
 *       once, until it releases the topic or {@link Receiver#lost} is called.
 *   <li>A message that is published twice with the same key is one message, as long as the history holds the first.
 * <li>{@link #replay} returns all messages behind a position, or says that it cannot. It includes at least the messages
 * that this node has received or published before the call.
 * </ul>
 *
 * <p>Thread-safe. A stage that fails with an {@link java.io.IOException} means that the backbone is unreachable. It is
 * then unknown whether a message was published: publish it again with the same key.
 */
public interface Backbone extends AutoCloseable {
    /**
     * Opens a topic on this node.
     *
     * @param topic the name of the topic
     * @param receiver receives all messages behind the returned position; it may be called before the stage completes
     * @return the position of the last message before the first received one
     * @throws IllegalStateException if the topic is open on this node
     */
    CompletionStage<Position> open(String topic, Receiver receiver);

    /**
     * Closes a topic that {@link #open} has opened. When this returns, the receiver is not called any more. Does
     * nothing if the topic is not open on this node.
     *
     * @param topic the name of the topic
     */
    void release(String topic);

    /**
     * Appends a message to the history and delivers it to all nodes that have opened the topic, as one step: either both
     * happen or neither. The topic need not be open on this node.
     *
     * @param topic the name of the topic
     * @param publication the message and its key
     * @return the position of the message; for a repeated key, the position of the first message
     */
    CompletionStage<Position> publish(String topic, KeyedMessage publication);

    /**
     * Reads the history behind a position.
     *
     * @param topic the name of the topic
     * @param after a position of this topic, or of an earlier history of it
     * @return the messages behind it
     */
    CompletionStage<Replay> replay(String topic, Position after);

    /** Releases all topics of this node. The histories stay. */
    @Override
    void close();

    /** Receives the messages of one topic on one node, one call at a time, on a thread of the backbone or of a publisher. */
    interface Receiver {
        /**
         * A message has arrived. The receiver must not block nor call the backbone. A new epoch means that this node
         * continues alone in a new history; the topic is lost when the other nodes are reachable again.
         *
         * @param entry the message
         */
        void received(Entry entry);

        /**
         * Messages may be missing from here on. The topic is no longer open on this node; no call follows.
         *
         * @param cause the reason
         */
        void lost(Throwable cause);
    }
}
