package dev.tenon.ws.netty;

import dev.tenon.ws.connection.Connection;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Holds bytes that have arrived and that the connection cannot take yet. Held bytes always come before bytes that
 * arrive later. The input owns the buffers that it receives. For the event loop's own thread.
 */
final class ChannelInput {
    /** Buffers up to this length, in bytes, are copied: a slice of a few bytes keeps the whole buffer that was read. */
    private static final int LONGEST_COPIED = 1024;

    private static final int TAIL_LENGTH = 4096;

    private @Nullable ArrayDeque<ByteBuf> held;
    /** The last held buffer, if it is one of this object, into which short buffers are copied. */
    private @Nullable ByteBuf tail;

    private int length;
    private boolean ended;
    private boolean released;

    /**
     * Gives a connection as many of these bytes as it accepts, after the held bytes. Holds the rest. Returns the number
     * of bytes that the connection has accepted.
     */
    int receive(ByteBuf bytes, Connection connection, InputScratch scratch) {
        if (!isEmpty() || !connection.isReadyForInput()) {
            hold(bytes);
            return 0;
        }
        int taken = 0;
        boolean kept = false;
        try {
            taken = scratch.feed(bytes, connection);
            kept = bytes.isReadable() && !released;
        } finally {
            if (!kept) {
                bytes.release();
            }
        }
        if (kept) {
            hold(bytes);
        }
        return taken;
    }

    /** Holds bytes for a later {@link #resume}. */
    void hold(ByteBuf bytes) {
        if (released || !bytes.isReadable()) {
            bytes.release();
            return;
        }
        int more = bytes.readableBytes();
        if (more > LONGEST_COPIED) {
            tail = null;
            queue().add(bytes);
        } else {
            copy(bytes);
        }
        length += more;
    }

    private void copy(ByteBuf bytes) {
        try {
            ByteBuf known = tail;
            if (known == null || known.maxWritableBytes() < bytes.readableBytes()) {
                known = bytes.alloc().heapBuffer(bytes.readableBytes(), TAIL_LENGTH);
                queue().add(known);
                tail = known;
            }
            known.writeBytes(bytes);
        } finally {
            bytes.release();
        }
    }

    private ArrayDeque<ByteBuf> queue() {
        ArrayDeque<ByteBuf> queue = held;
        if (queue == null) {
            queue = new ArrayDeque<>(2);
            held = queue;
        }
        return queue;
    }

    /** Gives a connection as many of the held bytes as it wants. Returns the number of bytes that it has taken. */
    @SuppressWarnings("ReferenceEquality") // checks whether this very buffer is still the first
    int resume(Connection connection, InputScratch scratch) {
        int taken = 0;
        ByteBuf first;
        while (connection.isReadyForInput() && (first = first()) != null) {
            int fed = scratch.feed(first, connection);
            taken += fed;
            if (first == first()) { // first() differs after a call of release()
                length -= fed;
                removeIfRead(first);
            }
        }
        return taken;
    }

    @SuppressWarnings("ReferenceEquality") // checks whether this very buffer is the tail
    private void removeIfRead(ByteBuf first) {
        if (!first.isReadable()) {
            if (first == tail) {
                tail = null;
            }
            remove().release();
        }
    }

    private @Nullable ByteBuf first() {
        return held == null ? null : held.peek();
    }

    private ByteBuf remove() {
        if (held == null) {
            throw new IllegalStateException("nothing is held");
        }
        return held.remove();
    }

    boolean isEmpty() {
        return held == null || held.isEmpty();
    }

    /** The number of held bytes. */
    int length() {
        return length;
    }

    /** Records that the peer has ended its direction, after the held bytes. */
    void end() {
        ended = true;
    }

    /** Whether the peer has ended its direction. */
    boolean isEnded() {
        return ended;
    }

    /** Whether the peer has ended its direction and no bytes are held. */
    boolean isAtEnd() {
        return ended && isEmpty();
    }

    /** Drops the held bytes and all bytes that arrive later. */
    void release() {
        released = true;
        length = 0;
        tail = null;
        if (held != null) {
            held.forEach(ByteBuf::release);
            held = null;
        }
    }
}
