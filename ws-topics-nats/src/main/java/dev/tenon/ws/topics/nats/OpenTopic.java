package dev.tenon.ws.topics.nats;

import dev.tenon.ws.topics.Backbone;
import dev.tenon.ws.topics.Entry;
import dev.tenon.ws.topics.Position;
import io.nats.client.Message;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;
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
     * @param before the position of the delivered message before them
     * @param first the sequence number of the first
     * @param suspect whether they are of a consumer that was created again, so that the stream may have lost messages and used
     *     their numbers again
     */
    record Batch(int count, Position before, long first, boolean suspect) {}

    private final String name;
    private final Backbone.Receiver receiver;
    private final String epoch;
    private final BooleanSupplier paused;
    private final Consumer<OpenTopic> gapCheck;
    private final ArrayDeque<Entry> waiting = new ArrayDeque<>();
    /** Whether the consumer was created again, and no message of the new one has been delivered. */
    private boolean suspect;
    /** Written with the lock. Read without it by {@link GapCheck}, whose lock comes behind this one. */
    private volatile boolean over;
    /** Whether messages come from {@link LocalFallback} instead of the stream. */
    private boolean local;

    private @Nullable Runnable unsubscribe;
    /**
     * The sequence number of the newest received message, or of the last message before the topic was opened; -1
     * initially.
     */
    private long last = -1;
    /** The newest message that the receiver has, at {@code last} if none waits. */
    private Position delivered;
    /** No message of the topic lies between {@code delivered} and this sequence number. */
    private long seen;

    /**
     * A topic without a consumer.
     *
     * @param name the name of the topic
     * @param receiver receives its messages
     * @param epoch the epoch of the stream
     * @param paused whether messages have to wait, because the node continues after an outage
     * @param gapCheck checks the messages that wait; it is called with the lock
     */
    OpenTopic(
            String name,
            Backbone.Receiver receiver,
            String epoch,
            BooleanSupplier paused,
            Consumer<OpenTopic> gapCheck) {
        this.name = name;
        this.receiver = receiver;
        this.epoch = epoch;
        this.paused = paused;
        delivered = new Position(epoch, 0);
        this.gapCheck = gapCheck;
    }

    String name() {
        return name;
    }

    String epoch() {
        return epoch;
    }

    boolean isOver() {
        return over;
    }

    /**
     * Drops duplicates, because after a reconnect two consumers may deliver for a moment.
     *
     * @param createdAgain whether NATS's client has created the consumer again since the message before
     */
    synchronized void onMessage(Message message, boolean createdAgain) {
        long sequence = message.metaData().streamSequence();
        suspect |= createdAgain;
        if (over || local || sequence <= last) {
            return;
        }
        last = sequence;
        waiting.add(Subjects.entry(epoch, message));
        if (waiting.size() == 1) {
            deliver(0);
        }
    }

    /** Whether no message can be missing in front of the next one. */
    private boolean follows(Entry next) {
        return next.position().offset() == delivered.offset() + 1 && !suspect && !paused.getAsBoolean();
    }

    /** The messages that wait now. */
    synchronized Batch batch() {
        Entry first = waiting.peek();
        return new Batch(
                waiting.size(), delivered, first == null ? 0 : first.position().offset(), suspect);
    }

    /** Delivers a batch, in front of which no message is missing, and the messages that follow it. */
    synchronized void deliver(Batch batch) {
        suspect &= batch.count() == 0 || !batch.suspect();
        deliver(batch.count());
    }

    /** Delivers the first messages that wait, and those that follow them without a gap; has the others checked. */
    private void deliver(int count) {
        int left = count;
        while (!waiting.isEmpty() && !over && !local && (left > 0 || follows(waiting.element()))) {
            Entry entry = waiting.remove();
            delivered = entry.position();
            left--;
            SerialTasks.runSafely(() -> receiver.received(entry));
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

    synchronized void startBehind(Position position) {
        last = position.offset();
        delivered = position;
        seen = last;
    }

    synchronized long last() {
        return last;
    }

    /** What is known of a topic. */
    record Progress(OpenTopic topic, Position delivered, long seen) {}

    /**
     * What this node knows of the topic. Messages that wait behind a gap do not count: they may have come after an outage in
     * which others were removed.
     */
    synchronized Progress progress() {
        return new Progress(this, delivered, Math.max(seen, delivered.offset()));
    }

    /**
     * Learns what the newest message of the topic in the stream is.
     *
     * @param newest its sequence number, 0 if there is none
     * @param end a sequence number at which the stream had arrived before
     * @return whether the receiver has all messages up to the end
     */
    synchronized boolean hasAll(long newest, long end) {
        if (newest <= delivered.offset()) {
            seen = Math.max(seen, end);
        }
        return over || local || progress().seen() >= end;
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
            SerialTasks.runSafely(() -> receiver.lost(cause));
        }
    }
}
