package dev.tenon.ws.topics.nats;

import dev.tenon.ws.topics.Backbone;
import dev.tenon.ws.topics.Entry;
import io.nats.client.Message;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An open topic of this node. By its lock a release waits for a running call of the receiver.
 *
 * <p>A message whose sequence number does not follow that of the message before waits until {@link GapCheck} has found
 * that none is missing between the two.
 */
final class OpenTopic {
    /**
     * Messages that wait.
     *
     * @param count how many
     * @param before the sequence number of the delivered message before them
     * @param first the sequence number of the first
     */
    record Batch(int count, long before, long first) {}

    private final String name;
    private final Backbone.Receiver receiver;
    private final String epoch;
    private final Consumer<OpenTopic> gapCheck;
    private final ArrayDeque<Entry> waiting = new ArrayDeque<>();
    private boolean over;
    /** Whether messages come from {@link LocalFallback} instead of the stream. */
    private boolean local;

    private @Nullable Runnable unsubscribe;
    /**
     * The sequence number of the newest received message, or of the last message before the topic was opened; -1
     * initially.
     */
    private long last = -1;
    /** The sequence number of the newest message that the receiver has; the same as {@code last} if none waits. */
    private long delivered = -1;

    /**
     * A topic without a consumer.
     *
     * @param name the name of the topic
     * @param receiver receives its messages
     * @param epoch the epoch of the stream
     * @param gapCheck checks the messages that wait; it is called with the lock
     */
    OpenTopic(String name, Backbone.Receiver receiver, String epoch, Consumer<OpenTopic> gapCheck) {
        this.name = name;
        this.receiver = receiver;
        this.epoch = epoch;
        this.gapCheck = gapCheck;
    }

    String name() {
        return name;
    }

    String epoch() {
        return epoch;
    }

    synchronized boolean isOver() {
        return over;
    }

    /** Drops duplicates, because after a reconnect two consumers may deliver for a moment. */
    synchronized void onMessage(Message message) {
        long sequence = message.metaData().streamSequence();
        if (over || local || sequence <= last) {
            return;
        }
        boolean follows = waiting.isEmpty() && sequence == last + 1;
        last = sequence;
        waiting.add(Subjects.entry(epoch, message));
        if (follows) {
            deliver(1);
        } else if (waiting.size() == 1) {
            gapCheck.accept(this);
        }
    }

    /** The messages that wait now. */
    synchronized Batch batch() {
        Entry first = waiting.peek();
        return new Batch(
                waiting.size(), delivered, first == null ? 0 : first.position().offset());
    }

    /** Delivers the first messages that wait, and has the others checked. */
    synchronized void deliver(int count) {
        for (int i = 0; i < count && !over && !local; i++) {
            Entry entry = waiting.remove();
            delivered = entry.position().offset();
            receiver.received(entry);
        }
        if (!waiting.isEmpty() && !over && !local) {
            gapCheck.accept(this);
        }
    }

    synchronized void onLocalEntry(Entry entry) {
        if (!over) {
            receiver.received(entry);
        }
    }

    /** Switches from the stream to the history of {@link LocalFallback}; returns false if it has done so before. */
    synchronized boolean continueLocally() {
        boolean first = !local;
        local = true;
        waiting.clear();
        return first;
    }

    synchronized boolean isLocal() {
        return local;
    }

    synchronized void startBehind(long sequence) {
        last = sequence;
        delivered = sequence;
    }

    synchronized long last() {
        return last;
    }

    /** Messages that wait behind a gap do not count: they may have come after an outage in which others were removed. */
    synchronized long delivered() {
        return delivered;
    }

    /** Sets the consumer and closes the previous one. Closes the new one if the topic was released meanwhile. */
    void subscribed(Runnable end) {
        Runnable old;
        synchronized (this) {
            old = over ? end : unsubscribe;
            unsubscribe = end;
        }
        if (old != null) {
            old.run();
        }
    }

    void release() {
        Runnable end;
        synchronized (this) {
            over = true;
            waiting.clear();
            end = unsubscribe;
        }
        if (end != null) {
            end.run();
        }
    }

    void lose(Throwable cause) {
        boolean first;
        synchronized (this) {
            first = !over;
        }
        release();
        if (first) {
            receiver.lost(cause);
        }
    }
}
