package dev.tenon.ws.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * The outbound half of {@link Tls}: gathers bytes until they fill a record or the event ends, encrypts them, and sends the
 * records of an event in one write. Between events it owns no buffer.
 */
final class TlsOutput {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Tls tls;
    private final SSLEngine engine;
    private final Link link;
    /** How many bytes of records the engine has made. */
    private long encrypted;

    TlsOutput(Tls tls, SSLEngine engine, Link link) {
        this.tls = tls;
        this.engine = engine;
        this.link = link;
    }

    long encrypted() {
        return encrypted;
    }

    private TlsScratch scratch() {
        return link.loop().buffers().tls();
    }

    /** Accepts all bytes. They are encrypted now, or at the end of the event. */
    void send(ByteBuffer bytes) throws IOException {
        TlsScratch scratch = scratch();
        scratch.claim(tls);
        ByteBuffer plain = scratch.plain;
        while (bytes.hasRemaining()) {
            int length = Math.min(plain.remaining(), bytes.remaining());
            plain.put(plain.position(), bytes, bytes.position(), length).position(plain.position() + length);
            bytes.position(bytes.position() + length);
            if (!plain.hasRemaining()) {
                encrypt(TlsScratch.RECORD);
            }
        }
    }

    /**
     * Encrypts waiting bytes until less than {@code least} are left.
     *
     * @throws SSLException if the engine takes no more bytes, as in TLS 1.2 when the peer has ended its direction
     */
    private void encrypt(int least) throws IOException {
        ByteBuffer plain = scratch().plain.flip();
        try {
            while (plain.hasRemaining() && plain.remaining() >= least) { // each call makes one record
                if (!wrap(plain)) {
                    throw new SSLException("TLS has ended before all bytes were sent");
                }
            }
        } catch (IOException e) {
            link.output.addUnsent(plain.remaining());
            plain.position(plain.limit());
            throw e;
        } finally {
            plain.compact();
        }
    }

    /** Makes a record with the next handshake message, if there is one; returns false if the engine makes no record. */
    boolean wrapHandshake() throws IOException {
        return wrap(NOTHING);
    }

    /** Makes a record. Returns false if the engine has made none: it is closed, or waits for something else. */
    private boolean wrap(ByteBuffer plain) throws IOException {
        TlsScratch scratch = scratch();
        scratch.claim(tls);
        if (scratch.wire.remaining() < engine.getSession().getPacketBufferSize()) {
            scratch.sendWire(link);
        }
        SSLEngineResult result = engine.wrap(plain, scratch.wire);
        encrypted += result.bytesProduced();
        return result.getStatus() == Status.OK && result.bytesProduced() > 0;
    }

    /** Encrypts and sends the bytes of this link in the scratch buffers, and releases the buffers. */
    void flush() throws IOException {
        TlsScratch scratch = scratch();
        try {
            encrypt(1);
            scratch.sendWire(link);
        } finally {
            scratch.release(tls);
        }
    }

    /** Sends all bytes, and close_notify behind them. */
    void close() throws IOException {
        if (scratch().belongsTo(tls)) {
            flush();
        }
        if (!engine.isOutboundDone()) {
            engine.closeOutbound();
            while (!engine.isOutboundDone() && wrap(NOTHING)) {
                // each call makes one record
            }
            scratch().flush();
        }
    }

    /** Sends the alert that the engine has made after a failure. */
    void sendAlert() throws IOException {
        try {
            while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && wrap(NOTHING)) {
                // each call makes one record
            }
            if (scratch().belongsTo(tls)) {
                scratch().sendWire(link);
            }
        } finally {
            scratch().release(tls);
        }
    }
}
