package dev.tenon.ws.testkit;

import dev.tenon.ws.topics.Presence;

/** Some nodes of one {@link Presence} whose topics have not been used before, for {@link PresenceLaws}. */
public interface PresenceCluster extends AutoCloseable {
    /** How many nodes there are. */
    int NODES = 3;

    /**
     * Returns a node.
     *
     * @param index 0 to {@link #NODES} - 1
     * @return the node
     */
    Presence node(int index);

    /**
     * Stops a node like a crash of its process, without an announcement.
     *
     * @param index 0 to {@link #NODES} - 1
     * @throws Exception if that fails
     */
    void kill(int index) throws Exception;

    /** Stops all nodes. */
    @Override
    void close();
}
