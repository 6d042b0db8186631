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
    private @Nullable ArrayDeque<ByteBuf> held;
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
        ArrayDeque<ByteBuf> queue = held;
        if (queue == null) {
            queue = new ArrayDeque<>(2);
            held = queue;
        }
        queue.add(bytes);
    }

    /** Gives a connection as many of the held bytes as it wants. Returns the number of bytes that it has taken. */
    @SuppressWarnings("ReferenceEquality") // checks whether this very buffer is still the first
    int resume(Connection connection, InputScratch scratch) {
        int taken = 0;
        ByteBuf first;
        while (connection.isReadyForInput() && (first = first()) != null) {
            taken += scratch.feed(first, connection);
            if (first == first() && !first.isReadable()) { // first() differs after a call of release()
                remove().release();
            }
        }
        return taken;
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
        int length = 0;
        if (held != null) {
            for (ByteBuf each : held) {
                length += each.readableBytes();
            }
        }
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
        if (held != null) {
            held.forEach(ByteBuf::release);
            held = null;
        }
    }
}
