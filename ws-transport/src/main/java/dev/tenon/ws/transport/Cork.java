package dev.tenon.ws.transport;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what one link sends while an event is handled, so that it leaves in one write. Bytes are encoded straight into
 * the cork's buffer; shared frames are gathered by reference:
 *
 * <pre>
 *     buffer   | header, payload, header, … | not in a part yet |  free  |
 *              0                           cut              position   limit
 *     gather   [slice of buffer] [shared frame] [slice of buffer] …
 * </pre>
 *
 * It belongs to one link at a time: bytes of another link, and the end of the event, send first what is here.
 */
final class Cork {
    private static final int SIZE = 64 * 1024;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
    private final Gather gather = new Gather();
    private int cut;
    private @Nullable Link owner;

    /** Room for bytes of a link; they are written at the buffer's position. */
    ByteBuffer reserve(Link link, int length) {
        if (owner != link || buffer.remaining() < length) {
            flush();
            owner = link;
        }
        return buffer;
    }

    /** Gathers a frame that never changes. */
    void share(Link link, ByteBuffer frame) {
        if (owner != link || gather.isFull()) {
            flush();
            owner = link;
        }
        cutOff();
        gather.addShared(frame);
    }

    /** Sends what is here. */
    void flush() {
        Link link = owner;
        if (link != null) {
            send(link, null);
        }
    }

    /** Sends what is here of a link; of another one nothing. */
    void flush(Link link) {
        if (owner == link) {
            send(link, null);
        }
    }

    /** Sends what is here of a link and, behind it, borrowed bytes. */
    void flushWith(Link link, ByteBuffer body) {
        if (owner != link) {
            flush();
        }
        send(link, body);
    }

    private void send(Link link, @Nullable ByteBuffer body) {
        owner = null;
        if (gather.isEmpty() && buffer.position() > 0) { // nearly always: no slice is made
            gather.add(buffer.flip());
        } else {
            cutOff();
        }
        try {
            link.uncork(gather, body);
        } finally {
            clear();
        }
    }

    private void cutOff() {
        int end = buffer.position();
        if (end > cut) {
            gather.add(buffer.slice(cut, end - cut));
            cut = end;
        }
    }

    /** Forgets what is here of a link that is closed. */
    void drop(Link link) {
        if (owner == link) {
            owner = null;
            clear();
        }
    }

    private void clear() {
        buffer.clear();
        cut = 0;
        gather.clear();
    }
}
