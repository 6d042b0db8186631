package dev.tenon.ws.transport;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The buffers that the TLS links of one loop share, on the heap, because the JDK's engine is a third slower with direct
 * ones. Like the {@link Cork} it belongs to one link at a time:
 *
 * <pre>
 *     send → plain (less than a record waits for more) → engine.wrap → wire → [end of the event] → socket
 * </pre>
 */
final class TlsScratch {
    /** More than the longest record of any engine. */
    static final int RECORD = 18 * 1024;

    private static final int PLAIN = 64 * 1024;
    private static final int WIRE = 256 * 1024;

    final ByteBuffer received = ByteBuffer.allocate(LoopBuffers.READ);
    final ByteBuffer decrypted = ByteBuffer.allocate(2 * RECORD);
    /** Bytes to be encrypted, up to the position. */
    final ByteBuffer plain = ByteBuffer.allocate(PLAIN);
    /** Records to be sent, up to the position. */
    final ByteBuffer wire = ByteBuffer.allocate(WIRE);

    private final GatheredBuffers gathered = new GatheredBuffers();
    private @Nullable Tls owner;

    /** Makes a link the owner. Sends the bytes of another owner first. */
    void claim(Tls tls) {
        if (owner != tls) {
            flush();
            owner = tls;
        }
    }

    /** Encrypts and sends all bytes. */
    void flush() {
        Tls tls = owner;
        if (tls != null) {
            tls.flush();
        }
    }

    /** Whether the buffers belong to a link. */
    boolean belongsTo(Tls tls) {
        return owner == tls;
    }

    /** Sends the records. */
    void sendWire(Link link) {
        wire.flip();
        try {
            link.transmit(gathered, wire);
        } finally {
            wire.clear();
            gathered.clear(); // a failed write leaves its buffer in the list
        }
    }

    /** Drops the bytes of a link. */
    void release(Tls tls) {
        if (owner == tls) {
            owner = null;
            plain.clear();
            wire.clear();
        }
    }
}
