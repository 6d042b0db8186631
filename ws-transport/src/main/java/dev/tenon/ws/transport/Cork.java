package dev.tenon.ws.transport;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the bytes that one link sends during an event, so that they are sent in one write. Frames are encoded
 * directly into the cork's buffer; shared frames and the fragments of a long message are added by reference:
 *
 * <pre>
 *     buffer   | header, payload, header, … | not in a part yet |  free  |
 *              0                           cut              position   limit
 *     gathered [slice of buffer] [shared frame] [slice of buffer] …
 * </pre>
 *
 * It belongs to one link at a time. It is flushed when another link sends, and at the end of the event.
 */
final class Cork {
    private static final int SIZE = 64 * 1024;
    /** More borrowed bytes are not gathered, because those that the socket does not accept delay a ping or pong. */
    private static final int MOST_BORROWED = 256 * 1024;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
    private final GatheredBuffers gathered = new GatheredBuffers();
    private int cut;
    /** The link for which {@link #gather} runs now, or null. */
    private @Nullable Link gatheringFor;
    /** How many of the gathered bytes belong to the caller of {@link #gather}. */
    private long borrowed;

    private @Nullable Link owner;

    /** Returns a buffer with room for bytes of a link, which the caller writes at its position. */
    ByteBuffer reserve(Link link, int length) {
        if (owner != link || buffer.remaining() < length) {
            flush();
            owner = link;
        }
        return buffer;
    }

    /** Adds a frame that never changes, by reference. */
    void share(Link link, ByteBuffer frame) {
        if (owner != link || gathered.isFull()) {
            flush();
            owner = link;
        }
        cutOff();
        gathered.addShared(frame);
    }

    /** Sends the gathered bytes of a link and these bytes behind them, or only gathers them while {@link #gather} runs. */
    void write(Link link, ByteBuffer bytes) {
        if (link == gatheringFor && bytes.isDirect()) {
            borrow(link, bytes);
        } else {
            flushWith(link, bytes);
        }
    }

    /** Runs a task that writes bytes of a link, which stay unchanged until this returns, and sends them at its end. */
    void gather(Link link, Runnable writes) {
        gatheringFor = link;
        try {
            writes.run();
        } finally {
            gatheringFor = null;
            if (borrowed > 0) {
                flush(link);
            }
        }
    }

    private void borrow(Link link, ByteBuffer bytes) {
        if (owner != link) {
            flush();
            owner = link;
        }
        cutOff();
        gathered.add(bytes.slice());
        borrowed += bytes.remaining();
        bytes.position(bytes.limit());
        if (borrowed >= MOST_BORROWED || gathered.isFull()) {
            flush();
        }
    }

    /** Sends all gathered bytes. */
    void flush() {
        Link link = owner;
        if (link != null) {
            send(link, null);
        }
    }

    /** Sends the gathered bytes if they belong to the given link. */
    void flush(Link link) {
        if (owner == link) {
            send(link, null);
        }
    }

    private void flushWith(Link link, ByteBuffer body) {
        if (owner != link) {
            flush();
        }
        send(link, body);
    }

    private void send(Link link, @Nullable ByteBuffer body) {
        owner = null;
        try {
            if (gathered.isEmpty() && buffer.position() > 0) { // the usual case, which makes no slice
                gathered.add(buffer.flip());
            } else {
                cutOff();
            }
            if (!link.isClosed() && !(gathered.isEmpty() && body == null)) {
                link.send(gathered, body);
            }
        } catch (Throwable e) { // an exception of a tap or of TLS
            link.failed(e);
        } finally {
            clear();
        }
        if (body != null) {
            body.position(body.limit());
        }
    }

    private void cutOff() {
        int end = buffer.position();
        if (end > cut) {
            gathered.add(buffer.slice(cut, end - cut));
            cut = end;
        }
    }

    /** Drops the gathered bytes of a closed link. */
    void drop(Link link) {
        if (owner == link) {
            owner = null;
            clear();
        }
    }

    private void clear() {
        buffer.clear();
        cut = 0;
        borrowed = 0;
        gathered.clear();
    }
}
