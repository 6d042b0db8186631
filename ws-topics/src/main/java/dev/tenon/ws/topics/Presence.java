package dev.tenon.ws.topics;

import dev.tenon.ws.connection.WebSocket;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Knows who is in a topic, over all nodes. A member is a name, usually of a user, which may be in a topic by several
 * connections and on several nodes: it is present until the last of them has left. An object of this type is one node's
 * access.
 *
 * <p>What every implementation promises, and {@code PresenceLaws} of ws-testkit check:
 *
 * <ul>
 *   <li>A watcher is told that a member has entered, then that it has left, in turns.
 *   <li>All watchers of a topic end with the same members: those that have entered on any node, and have not left there.
 *   <li>The members of a node that dies leave, without help of that node, within the time that the implementation states.
 *       The members of other nodes stay.
 * </ul>
 *
 * <p>Presence is not part of a topic's history: a watcher may learn of a member before or after that member's messages.
 * Thread-safe. A stage fails with an {@link java.io.IOException} if the other nodes cannot be reached.
 */
public interface Presence extends AutoCloseable {
    /**
     * A member enters a topic on this node. A member that has entered twice has to leave twice.
     *
     * @param topic the name of the topic
     * @param member the name of the member
     * @return completes when watchers on other nodes are going to be told. If it fails, the member has entered all the same, and
     *     the other nodes are told when they can be reached
     */
    CompletionStage<@Nullable Void> enter(String topic, String member);

    /**
     * A member leaves a topic on this node. Does nothing if it has not entered on this node.
     *
     * @param topic the name of the topic
     * @param member the name of the member
     * @return as {@link #enter}
     */
    CompletionStage<@Nullable Void> leave(String topic, String member);

    /**
     * A member enters a topic on this node, and leaves when a connection ends.
     *
     * @param topic the name of the topic
     * @param member the name of the member
     * @param webSocket the connection; if it has ended already, the member leaves at once
     * @return as {@link #enter}
     */
    default CompletionStage<@Nullable Void> enterWhileOpen(String topic, String member, WebSocket webSocket) {
        CompletionStage<@Nullable Void> entered = enter(topic, member);
        webSocket.whenClosed().thenRun(() -> leave(topic, member));
        return entered;
    }

    /**
     * Watches a topic: first the watcher is told of all members that are there, then of each change.
     *
     * @param topic the name of the topic
     * @param watcher is called one call at a time
     * @return completes with the watch when the watcher has been told of all members that are there
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

    /** Is told of the members of one topic, one call at a time, on a thread of the implementation. Must not block. */
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

    /** A watcher's registration. */
    interface Watch extends AutoCloseable {
        /** Ends the watch. A call that is under way ends, no other follows. */
        @Override
        void close();
    }
}
