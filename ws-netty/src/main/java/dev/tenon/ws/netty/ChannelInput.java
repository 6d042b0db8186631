package dev.tenon.ws.netty;

import dev.tenon.ws.connection.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that have come and cannot be taken yet, always in front of those that come next. Owns the buffers that it is given.
 * For the event loop's own thread.
 */
final class ChannelInput {
    private @Nullable ArrayDeque<ByteBuf> held;
    private boolean ended;
    private boolean released;

    /** Gives a connection as much as it wants of these bytes, behind what is held; returns how many it has taken. */
    int receive(ByteBuf bytes, Connection connection) {
        if (!isEmpty() || !connection.wantsInput()) {
            hold(bytes);
            return 0;
        }
        int taken = 0;
        boolean kept = false;
        try {
            taken = give(bytes, connection);
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

    /** Keeps bytes for later. */
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

    /** Gives a connection as much as it wants of what is held; returns how many bytes it has taken. */
    @SuppressWarnings("ReferenceEquality") // whether it is still this buffer that stands first
    int resume(Connection connection) {
        int taken = 0;
        ByteBuf first;
        while (connection.wantsInput() && (first = first()) != null) {
            taken += give(first, connection);
            if (first == first() && !first.isReadable()) { // else it was released meanwhile
                remove().release();
            }
        }
        return taken;
    }

    private static int give(ByteBuf bytes, Connection connection) {
        ByteBuffer view = view(bytes);
        int length = view.remaining();
        connection.receive(view);
        int taken = length - view.remaining();
        if (bytes.refCnt() > 0) {
            bytes.skipBytes(taken);
        }
        return taken;
    }

    /** Payload is unmasked where it is, unless others may see that. */
    private static ByteBuffer view(ByteBuf bytes) {
        return bytes.isReadOnly() || bytes.nioBufferCount() != 1
                ? ByteBuffer.wrap(ByteBufUtil.getBytes(bytes))
                : bytes.nioBuffer();
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

    /** How many bytes are held. */
    int length() {
        int length = 0;
        if (held != null) {
            for (ByteBuf each : held) {
                length += each.readableBytes();
            }
        }
        return length;
    }

    /** The peer has ended its direction, behind what is held. */
    void end() {
        ended = true;
    }

    /** Whether the end has come and nothing is held in front of it. */
    boolean isAtEnd() {
        return ended && isEmpty();
    }

    /** Drops what is held, and all that still comes. */
    void release() {
        released = true;
        if (held != null) {
            held.forEach(ByteBuf::release);
            held = null;
        }
    }
}
