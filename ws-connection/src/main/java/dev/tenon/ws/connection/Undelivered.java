package dev.tenon.ws.connection;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a listener that wait: messages that it has not requested, errors, and the end. The object exists only
 * while a call waits, so an idle connection has none.
 */
final class Undelivered {
    /** The cost of a held message in addition to its bytes. */
    private static final int OVERHEAD = 128;

    /** A message, or a piece of one if the listener streams. */
    record Held(MessageType type, ByteBuffer payload, boolean last) {
        long cost() {
            return (long) payload.remaining() + OVERHEAD;
        }
    }

    private final Deque<Held> messages = new ArrayDeque<>(2);
    private long bytes;
    private final Deque<Throwable> errors = new ArrayDeque<>(1);
    private @Nullable CloseEvent end;
    /** Whether messages that were not requested are dropped at the end. */
    private boolean onlyAsked;

    boolean isEmpty() {
        return messages.isEmpty() && errors.isEmpty() && end == null;
    }

    boolean hasMessages() {
        return !messages.isEmpty();
    }

    /** The total cost of the messages. */
    long bytes() {
        return bytes;
    }

    /** Holds a copy of a message. */
    void hold(MessageType type, ByteBuffer payload, boolean last) {
        ByteBuffer copy = ByteBuffer.allocate(payload.remaining()).put(payload).flip();
        Held message = new Held(type, copy, last);
        messages.add(message);
        bytes += message.cost();
    }

    /** Removes and returns the oldest message. */
    Held nextMessage() {
        Held next = messages.remove();
        bytes -= next.cost();
        return next;
    }

    void dropMessages() {
        messages.clear();
        bytes = 0;
    }

    /** Adds an error, unless it waits already. */
    void addError(Throwable error) {
        if (!errors.contains(error)) {
            errors.add(error);
        }
    }

    /** Removes and returns the oldest error; null if there is none. */
    @Nullable
    Throwable nextError() {
        return errors.poll();
    }

    void end(CloseEvent event, boolean onlyAsked) {
        this.end = event;
        this.onlyAsked = onlyAsked;
    }

    /** Returns the end if no message has to be delivered before it, or null. */
    @Nullable
    CloseEvent dueEnd() {
        return messages.isEmpty() || onlyAsked ? end : null;
    }
}
