package dev.tenon.ws.testkit;

import dev.tenon.ws.topics.Backbone;

/** Some nodes of one {@link Backbone} whose topics have not been used before, for {@link BackboneLaws}. */
public interface BackboneCluster extends AutoCloseable {
    /** How many nodes there are. */
    int NODES = 3;

    /**
     * Returns a node.
     *
     * @param index 0 to {@link #NODES} - 1
     * @return the node; possibly another object after a {@linkplain #restart restart}
     */
    Backbone node(int index);

    /**
     * Disconnects a node from the others, or connects it again. A disconnected node's {@code publish} may fail or wait.
     *
     * @param index 0 to {@link #NODES} - 1
     * @param cut true to disconnect
     * @return false if this is not supported: then the laws of partitions are skipped
     */
    default boolean partition(int index, boolean cut) {
        return false;
    }

    /**
     * Restarts the process or server that keeps the histories, with or without the histories. No topic is open when
     * this is called.
     *
     * @return false if this is not supported: then the laws of restarts are skipped
     * @throws Exception if it fails
     */
    default boolean restart() throws Exception {
        return false;
    }

    /** Stops all nodes, and the server that keeps the histories. */
    @Override
    void close();
}
