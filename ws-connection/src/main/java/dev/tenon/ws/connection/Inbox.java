package dev.tenon.ws.connection;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What stands between the assembler and an application that may not be ready: counts demand, and holds a bounded amount
 * of what came without any, so that control frames behind it are still seen.
 */
final class Inbox {
    /** Takes a message, or a piece of one, for which there was demand. */
    interface Reader {
        void read(MessageType type, ByteBuffer payload, boolean last);
    }

    /** From here on, held bytes (each message counts some more) stop the reading. */
    private static final int HELD_LIMIT = 64 * 1024;

    private static final int OVERHEAD = 64;

    private record Held(MessageType type, ByteBuffer payload, boolean last) {}

    private final Reader reader;
    private final boolean checksText;
    private long demand;
    private boolean reading;
    private @Nullable Deque<Held> held;
    private long heldBytes;

    /**
     * An empty inbox.
     *
     * @param checksText whether texts come whole and are checked by the reader only, so that one that waits has to be
     *     checked here
     */
    Inbox(Reader reader, boolean checksText, long initialDemand) {
        this.reader = reader;
        this.checksText = checksText;
        this.demand = initialDemand;
    }

    /**
     * Hands a message on, or holds a copy of it.
     *
     * @throws dev.tenon.ws.frame.ProtocolException 1007 if a whole text is not UTF-8
     */
    void put(MessageType type, ByteBuffer payload, boolean last) {
        if (demand > 0 && held == null && !reading) {
            read(type, payload, last);
            return;
        }
        if (type == MessageType.TEXT && checksText) {
            Utf8Validator.requireWhole(payload);
        }
        if (held == null) {
            held = new ArrayDeque<>();
        }
        ByteBuffer copy = ByteBuffer.allocate(payload.remaining()).put(payload).flip();
        heldBytes += copy.remaining() + OVERHEAD;
        held.add(new Held(type, copy, last));
    }

    /** Adds demand, and hands on what was held for lack of it. */
    void request(long messages) {
        demand = demand + messages < 0 ? Long.MAX_VALUE : demand + messages;
        while (demand > 0 && held != null && !reading) {
            Held next = held.remove();
            heldBytes -= next.payload.remaining() + OVERHEAD;
            if (held.isEmpty()) {
                held = null;
            }
            read(next.type, next.payload, next.last);
        }
    }

    private void read(MessageType type, ByteBuffer payload, boolean last) {
        if (demand != Long.MAX_VALUE) {
            demand--;
        }
        reading = true;
        try {
            reader.read(type, payload, last);
        } finally {
            reading = false;
        }
    }

    /** Whether more may come. */
    boolean hasRoom() {
        return heldBytes < HELD_LIMIT;
    }

    boolean isEmpty() {
        return held == null;
    }

    void clear() {
        held = null;
        heldBytes = 0;
    }
}
