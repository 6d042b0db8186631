package dev.tenon.ws.topics;

import dev.tenon.ws.connection.WebSocket;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The members of topics across all nodes. A member is a name, usually of a user, which may enter a topic by several
 * connections and on several nodes: it is present until the last of them has left. An object of this type belongs to
 * one node.
 *
 * <p>Every implementation guarantees these rules, which {@code PresenceLaws} of ws-testkit check:
 *
 * <ul>
 * <li>For each member, a watcher receives {@code entered} and {@code left} alternately.
 * <li>A member is present while it has a stay. A stay that is left twice ends once, and ends no other.
 * <li>All watchers of a topic finally have the same members: those that have entered on any node and have not left
 * there.
 * <li>The members of a crashed node leave within the time that the implementation states. The members of other nodes
 * stay.
 * </ul>
 *
 * <p>Presence is not part of a topic's history: a watcher may learn of a member before or after that member's messages.
 * Thread-safe. A stage fails with an {@link java.io.IOException} if the other nodes are unreachable.
 */
public interface Presence extends AutoCloseable {
    /**
     * A member enters a topic on this node, until its stay ends or this node does. A member may have several stays in a topic.
     * Use {@link #enterWhileOpen} for the member of a connection.
     *
     * @param topic the name of the topic
     * @param member the name of the member
     * @return the stay
     */
    Stay enter(String topic, String member);

    /**
     * A member enters a topic on this node by a connection, and leaves when the connection ends, or before by {@link #leave}.
     * Does nothing if the member has entered the topic by this connection and has not left, or if the connection has ended.
     *
     * @param topic the name of the topic
     * @param member the name of the member
     * @param webSocket the connection
     * @return as {@link Stay#entered}
     */
    default CompletionStage<@Nullable Void> enterWhileOpen(String topic, String member, WebSocket webSocket) {
        return ConnectionStays.enter(this, topic, member, webSocket);
    }

    /**
     * A member that has entered by {@link #enterWhileOpen} leaves before its connection ends. It stays in the topic by its
     * other connections. Does nothing if it has not entered the topic by this connection, or has left already.
     *
     * @param topic the name of the topic
     * @param member the name of the member
     * @param webSocket the connection
     * @return as {@link Stay#leave}
     */
    default CompletionStage<@Nullable Void> leave(String topic, String member, WebSocket webSocket) {
        return ConnectionStays.leave(this, topic, member, webSocket);
    }

    /**
     * Watches a topic: the watcher first receives all present members, then each change.
     *
     * @param topic the name of the topic
     * @param watcher receives one call at a time
     * @return completes with the watch when the watcher has received all present members
     */
    CompletionStage<Watch> watch(String topic, Watcher watcher);

    /**
     * The members of a topic at this moment.
     *
     * @param topic the name of the topic
     * @return their names
     */
    default CompletionStage<Set<String>> members(String topic) {
        Set<String> present = ConcurrentHashMap.newKeySet();
        Watcher collector = new Watcher() {
            @Override
            public void entered(String member) {
                present.add(member);
            }

            @Override
            public void left(String member) {
                present.remove(member);
            }
        };
        return watch(topic, collector).thenApply(watch -> {
            watch.close();
            return Set.copyOf(present);
        });
    }

    /** All members that have entered on this node leave, and its watches end. */
    @Override
    void close();

    /**
     * Receives the members of one topic, one call at a time, on a thread of the implementation. Must not block. If it
     * throws, the handler of that thread's uncaught exceptions receives the exception, and the next calls follow.
     */
    interface Watcher {
        /**
         * A member is in the topic now.
         *
         * @param member the name of the member
         */
        void entered(String member);

        /**
         * A member is no longer in the topic.
         *
         * @param member the name of the member
         */
        void left(String member);
    }

    /** The time from when a member enters a topic on a node until it leaves. Thread-safe. */
    interface Stay {
        /**
         * Creates a stay.
         *
         * @param entered the result of {@link #entered}
         * @param onLeave called once, by the first call of {@link #leave}; must not throw
         * @return the stay
         */
        static Stay of(CompletionStage<@Nullable Void> entered, Supplier<CompletionStage<@Nullable Void>> onLeave) {
            return new OneStay(entered, onLeave);
        }

        /**
         * Whether the other nodes know of the stay.
         *
         * @return completes when the other nodes will receive the change. If it fails, the member has entered anyway, and
         *     the other nodes receive the change when they are reachable
         */
        CompletionStage<@Nullable Void> entered();

        /**
         * Ends the stay. Does nothing if it has ended.
         *
         * @return completes when the other nodes will receive the change, fails as {@link #entered}; the same for each call
         */
        CompletionStage<@Nullable Void> leave();
    }

    /** A watcher's registration. */
    interface Watch extends AutoCloseable {
        /** Ends the watch. When this returns, the watcher is not called any more. */
        @Override
        void close();
    }
}
