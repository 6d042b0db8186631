package dev.tenon.ws.topics.nats;

import dev.tenon.ws.topics.Backbone;
import dev.tenon.ws.topics.Entry;
import io.nats.client.Message;
import org.jspecify.annotations.Nullable;

/** An open topic of this node. By its lock a release waits for a running call of the receiver. */
final class OpenTopic {
    private final Backbone.Receiver receiver;
    private final String epoch;
    private boolean over;
    /** Whether messages come from {@link LocalFallback} instead of the stream. */
    private boolean local;

    private @Nullable Runnable unsubscribe;
    /**
     * The sequence number of the newest received message, or of the last message before the topic was opened; -1
     * initially.
     */
    private long last = -1;

    OpenTopic(Backbone.Receiver receiver, String epoch) {
        this.receiver = receiver;
        this.epoch = epoch;
    }

    String epoch() {
        return epoch;
    }

    /** Drops duplicates, because after a reconnect two consumers may deliver for a moment. */
    synchronized void onMessage(Message message) {
        long sequence = message.metaData().streamSequence();
        if (!over && !local && sequence > last) {
            last = sequence;
            receiver.received(Subjects.entry(epoch, message));
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
        return first;
    }

    synchronized boolean isLocal() {
        return local;
    }

    synchronized void startBehind(long sequence) {
        last = sequence;
    }

    synchronized long last() {
        return last;
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
