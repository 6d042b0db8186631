package dev.tenon.ws.testkit;

import dev.tenon.ws.topics.Backbone;

/** Some nodes of one {@link Backbone} whose topics have not been used before, for {@link BackboneLaws}. */
public interface BackboneCluster extends AutoCloseable {
    /** How many nodes there are. */
    int NODES = 3;

    /**
     * A node.
     *
     * @param index 0 to {@link #NODES} - 1
     * @return the node; after a {@linkplain #restart restart} perhaps another object
     */
    Backbone node(int index);

    /**
     * Cuts a node off from the others, or joins it again. Whether a cut node's {@code publish} fails or waits is its own
     * affair.
     *
     * @param index 0 to {@link #NODES} - 1
     * @param cut whether it is cut off from now on
     * @return false if this cannot be done: then the laws of partitions are not tested
     */
    default boolean partition(int index, boolean cut) {
        return false;
    }

    /**
     * Ends the process or the server that keeps the histories, and starts it again, with the histories or without. No topic
     * is open when this is called.
     *
     * @return false if this cannot be done: then the laws of restarts are not tested
     * @throws Exception if it fails
     */
    default boolean restart() throws Exception {
        return false;
    }

    /** Ends all nodes, and what keeps the histories. */
    @Override
    void close();
}
