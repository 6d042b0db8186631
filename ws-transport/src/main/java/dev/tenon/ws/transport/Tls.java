package dev.tenon.ws.transport;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * TLS on one link, by an {@link SSLEngine}. The bytes of an event are encrypted into as few records as possible and
 * sent in one write. Between events it owns no buffer. It reads nothing while handshake tasks run on another thread.
 */
final class Tls {
    /** The type of an alert record, in its first byte: RFC 5246 §6.2.1. */
    private static final byte ALERT = 21;
    /** How many responses of TLS may wait for a peer that does not read them. */
    private static final int MOST_UNREAD = 100;

    private final SSLEngine engine;
    private final Link link;
    /** Incomplete records, and records that arrived while this end could not process them. */
    private final KeptBytes records = new KeptBytes();

    private final TlsOutput output;
    private boolean established;
    /** How many responses TLS has sent since no bytes waited for the peer. */
    private int unread;

    private boolean busy;
    private boolean inputEnded;

    Tls(SSLEngine engine, Link link) {
        this.engine = engine;
        this.link = link;
        this.output = new TlsOutput(this, engine, link);
    }

    SSLSession session() {
        return engine.getSession();
    }

    boolean isReadable() {
        return !busy;
    }

    boolean keepsRecords() {
        return !records.isEmpty();
    }

    private TlsScratch scratch() {
        return link.loop().buffers().tls();
    }

    // Inbound

    void start() {
        try {
            engine.beginHandshake();
            progress();
            scratch().flush();
        } catch (IOException e) {
            fail(e);
        }
    }

    void received(ByteBuffer bytes) {
        ByteBuffer copy = scratch().received.clear();
        while (bytes.hasRemaining() && !inputEnded && !link.isClosed()) {
            int length = Math.min(copy.capacity(), bytes.remaining());
            copy.clear().put(0, bytes, bytes.position(), length).limit(length);
            bytes.position(bytes.position() + length);
            boolean borrowed = records.isEmpty();
            decrypt(records.join(copy), borrowed);
        }
    }

    void resume() {
        ByteBuffer kept = busy ? null : records.removeAll();
        if (kept != null) {
            decrypt(kept, false);
        }
    }

    private void decrypt(ByteBuffer input, boolean borrowed) {
        try {
            boolean more = true;
            while (more && !busy && !link.input.isPaused() && !link.isClosed()) {
                // in TLS 1.2 a close_notify ends this direction too, so flush the corked bytes before it
                if (input.hasRemaining() && input.get(input.position()) == ALERT) {
                    link.flush();
                }
                more = unwrap(input);
            }
        } catch (IOException e) {
            fail(e);
            return;
        }
        if (!link.isClosed() && !inputEnded) {
            records.keep(input, borrowed);
        }
    }

    /** Decrypts one record; returns whether there may be another one. */
    private boolean unwrap(ByteBuffer input) throws IOException {
        ByteBuffer plain = scratch().decrypted.clear();
        SSLEngineResult result = engine.unwrap(input, plain);
        if (plain.position() > 0) {
            link.deliver(plain.flip());
        }
        if (result.getStatus() == Status.CLOSED) {
            endInput();
            return false;
        }
        if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
            return false;
        }
        if (result.getStatus() == Status.BUFFER_OVERFLOW) {
            throw new SSLException("a record is longer than " + plain.capacity() + " bytes");
        }
        if (established) {
            refuseHandshake(result);
        }
        if (isHandshaking(result) || result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
            progress();
        }
        return result.bytesConsumed() > 0 || input.hasRemaining();
    }

    /** TLS 1.3 has key updates and tickets behind the handshake, for which the engine needs no task. */
    private void refuseHandshake(SSLEngineResult result) throws SSLException {
        if (engine.getSession().getProtocol().equals("TLSv1.2") && isHandshaking(result)) {
            throw new SSLException("renegotiation is not supported");
        }
        if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
            throw new SSLException("a handshake message behind the handshake");
        }
    }

    private static boolean isHandshaking(SSLEngineResult result) {
        return switch (result.getHandshakeStatus()) {
            case NOT_HANDSHAKING, FINISHED -> false;
            default -> true;
        };
    }

    /** The socket's input has ended. Without a close_notify before, an attacker may have truncated the stream. */
    void inputEnded() {
        if (established) {
            endInput();
        } else {
            link.close(new EOFException("the peer has ended the connection during the TLS handshake"));
        }
    }

    private void endInput() {
        if (!inputEnded) {
            inputEnded = true;
            records.clear();
            if (established) {
                link.deliverEnd();
            } else {
                link.close(new EOFException("the peer has ended the connection during the TLS handshake"));
            }
        }
    }

    // The handshake

    private void progress() throws IOException {
        while (!link.isClosed()) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> {
                    runTasks();
                    return;
                }
                case NEED_WRAP -> {
                    requireReader();
                    // after a task, the end of the handshake may need no record
                    if (!output.wrapHandshake() && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                        return; // the engine is closed
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    return;
                }
                default -> {
                    establish();
                    return;
                }
            }
        }
    }

    /** In TLS 1.3 a peer may request any number of new keys, but it must read the responses. */
    private void requireReader() throws SSLException {
        if (established) {
            unread = link.backlog() == 0 ? 0 : unread + 1;
            if (unread > MOST_UNREAD) {
                throw new SSLException("the peer does not read the responses that it asks for");
            }
        }
    }

    private void establish() {
        if (!established) {
            established = true;
            link.established();
        }
    }

    private void runTasks() {
        busy = true;
        link.updateInterest();
        TlsTasks.run(link, engine, this::tasksDone);
    }

    private void tasksDone() {
        busy = false;
        if (link.isClosed()) {
            return;
        }
        link.updateInterest();
        try {
            progress();
        } catch (IOException e) {
            fail(e);
            return;
        }
        resume();
    }

    // Outbound

    /** How many bytes of records were made so far. */
    long encrypted() {
        return output.encrypted();
    }

    void send(GatheredBuffers gathered, @Nullable ByteBuffer body) throws IOException {
        try {
            if (!established) {
                throw new SSLException("bytes were sent before the end of the TLS handshake");
            }
            for (int i = 0; i < gathered.count(); i++) {
                output.send(gathered.get(i));
            }
            if (body != null) {
                output.send(body);
            }
        } catch (IOException e) {
            link.output.addUnsent(gathered.remaining() + (body == null ? 0 : body.remaining()));
            throw e;
        }
    }

    /** Encrypts and sends the bytes of this link in the scratch buffers, and releases the buffers. */
    void flush() {
        try {
            output.flush();
        } catch (IOException e) {
            fail(e);
        } catch (RuntimeException | Error e) { // an exception of the engine, which must not end another link's event
            link.failed(e);
        }
    }

    /**
     * Sends close_notify, after which no bytes are sent. Not while a handshake task uses the engine, because the call
     * would block.
     */
    void closeOutput() throws IOException {
        if (!busy) {
            output.close();
        }
    }

    /** Sends the peer an alert, if possible, and closes. */
    private void fail(IOException cause) {
        try {
            output.sendAlert();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        link.close(cause);
    }
}
