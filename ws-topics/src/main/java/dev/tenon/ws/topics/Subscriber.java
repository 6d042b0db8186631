package dev.tenon.ws.topics;

import dev.tenon.ws.connection.WebSocket;
import java.util.Arrays;

/**
 * One connection in one topic: which of the numbered messages of its group it receives, and which is the next.
 *
 * <pre>{@code
 *   number     4   5   6   7   8   9
 *   gets it    no  yes yes no  no  yes       subscribed at 5, unsubscribed at 7, subscribed again at 9
 * }</pre>
 *
 * Only the thread of the connection delivers. Other threads change the future by {@link #toggle}, holding the lock of the
 * topic.
 */
final class Subscriber {
    private static final long[] NONE = {};

    final SubscriberGroup group;
    final WebSocket webSocket;
    /** The index in the group's array. For the thread of the connection only. */
    int index = -1;
    /** The number of the next message to deliver. For the thread of the connection only. */
    long next;
    /**
     * Whether it receives message {@link #next}, unless a toggle changes that. For the thread of the connection only.
     */
    private boolean receiving = true;
    /** The message numbers at which the subscription changes, ascending. The array is replaced, never changed. */
    private volatile long[] toggles = NONE;
    /** Whether it receives the next published message. Guarded by the topic. */
    boolean subscribed = true;
    /** Whether the group has removed it. Guarded by the topic. */
    boolean removed;
    /** Whether it is in the list of subscribers with toggles. Guarded by the topic. */
    boolean listed;

    Subscriber(SubscriberGroup group, WebSocket webSocket, long next) {
        this.group = group;
        this.webSocket = webSocket;
        this.next = next;
    }

    /** Subscribes or unsubscribes from a message on. The caller holds the lock of the topic. */
    void toggle(long number) {
        subscribed = !subscribed;
        long[] known = toggles;
        int count = known.length;
        if (count > 0 && known[count - 1] == number) { // two changes without a message in between cancel each other
            toggles = Arrays.copyOf(known, count - 1);
        } else {
            long[] more = Arrays.copyOf(known, count + 1);
            more[count] = number;
            toggles = more;
        }
    }

    /** Whether it receives the message with a number, {@link #next} or later. */
    boolean isToReceive(long number) {
        boolean isToReceive = receiving;
        for (long toggle : toggles) {
            if (toggle > number) {
                break;
            }
            isToReceive = !isToReceive;
        }
        return isToReceive;
    }

    /**
     * Removes the toggles before {@link #next}. The caller holds the lock of the topic.
     *
     * @return whether none remain
     */
    boolean settle() {
        receiving = isToReceive(next);
        long position = next;
        toggles = Arrays.stream(toggles).filter(toggle -> toggle > position).toArray();
        return toggles.length == 0;
    }
}
