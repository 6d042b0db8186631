package dev.tenon.ws.transport;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * TLS on one link, by the JDK's engine. Handshake tasks run off the loop; in that time nothing is read. Between records
 * it owns no buffer.
 */
final class Tls {
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);
    /** The type of a record, where it is in the clear: RFC 5246 §6.2.1. */
    private static final byte ALERT = 21;

    private static final int MOST_UNREAD = 100;

    private final SSLEngine engine;
    private final Link link;
    /** A part of a record, or records that came while this end could not take them; null nearly always. */
    private @Nullable ByteBuffer undecoded;
    /** What was sent before the handshake was done; null nearly always. */
    private @Nullable ByteBuffer early;

    private boolean established;
    /** How many answers of TLS itself have been sent since the peer had taken all. */
    private int unread;

    private boolean busy;
    private boolean inputEnded;

    Tls(SSLEngine engine, Link link) {
        this.engine = engine;
        this.link = link;
    }

    SSLSession session() {
        return engine.getSession();
    }

    boolean isEstablished() {
        return established;
    }

    boolean isBusy() {
        return busy;
    }

    void begin() {
        try {
            engine.beginHandshake();
            progress();
        } catch (SSLException e) {
            fail(e);
        }
    }

    /** Takes bytes from the socket. */
    void received(ByteBuffer input) {
        if (undecoded == null) {
            decode(input, false);
            return;
        }
        ByteBuffer records = ByteBuffer.allocate(undecoded.remaining() + input.remaining())
                .put(undecoded)
                .put(input)
                .flip();
        undecoded = null;
        decode(records, true);
    }

    /** Goes on with what could not be taken before. */
    void resume() {
        ByteBuffer records = undecoded;
        if (records != null && !busy) {
            undecoded = null;
            decode(records, true);
        }
    }

    /** What is left is kept: in a copy, unless the buffer is this object's own. */
    private void decode(ByteBuffer records, boolean own) {
        try {
            boolean more = true;
            while (more && !busy && !link.isPaused() && !link.isClosed()) {
                // In TLS 1.2 a close_notify ends this direction too, and what is in the cork was sent before it
                if (records.hasRemaining() && records.get(records.position()) == ALERT) {
                    link.flush();
                }
                more = unwrap(records);
            }
        } catch (SSLException e) {
            fail(e);
            return;
        }
        if (records.hasRemaining() && !link.isClosed() && !inputEnded) {
            undecoded = own
                    ? records
                    : ByteBuffer.allocate(records.remaining()).put(records).flip();
        }
    }

    /** Takes one record; returns whether there may be another one. */
    private boolean unwrap(ByteBuffer records) throws SSLException {
        ByteBuffer plain = link.loop().tlsBuffers().plain.clear();
        SSLEngineResult result = engine.unwrap(records, plain);
        if (plain.position() > 0) {
            link.received(plain.flip());
        }
        if (result.getStatus() == Status.CLOSED) {
            endInput();
            return false;
        }
        if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
            return false;
        }
        if (established && engine.getSession().getProtocol().equals("TLSv1.2") && handshaking(result)) {
            throw new SSLException("renegotiation is not supported");
        }
        if (handshaking(result) || result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
            progress();
        }
        return result.bytesConsumed() > 0 || records.hasRemaining();
    }

    private static boolean handshaking(SSLEngineResult result) {
        return switch (result.getHandshakeStatus()) {
            case NOT_HANDSHAKING, FINISHED -> false;
            default -> true;
        };
    }

    private void progress() throws SSLException {
        while (!link.isClosed()) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> {
                    runTasks();
                    return;
                }
                case NEED_WRAP -> {
                    requireReader();
                    if (wrap(NOTHING) == Status.CLOSED) {
                        return;
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

    /** In TLS 1.3 a peer may ask for any number of new keys, and has to read the answers. */
    private void requireReader() throws SSLException {
        if (established) {
            unread = link.backlog() == 0 ? 0 : unread + 1;
            if (unread > MOST_UNREAD) {
                throw new SSLException("the peer does not read the answers that it asks for");
            }
        }
    }

    private void establish() throws SSLException {
        if (!established) {
            established = true;
            link.tlsEstablished();
            ByteBuffer sent = early;
            if (sent != null) {
                early = null;
                send(sent);
            }
        }
    }

    private void runTasks() {
        List<Runnable> tasks = new ArrayList<>();
        Runnable task;
        while ((task = engine.getDelegatedTask()) != null) {
            tasks.add(task);
        }
        busy = true;
        link.tlsBusyChanged();
        EventLoops.handshakes().execute(() -> {
            tasks.forEach(Runnable::run);
            try {
                link.loop().execute(this::tasksDone);
            } catch (RejectedExecutionException stopped) {
                // and has closed the link
            }
        });
    }

    private void tasksDone() {
        busy = false;
        if (link.isClosed()) {
            return;
        }
        link.tlsBusyChanged();
        try {
            progress();
        } catch (SSLException e) {
            fail(e);
            return;
        }
        resume();
    }

    /** Encrypts and sends; uses the bytes up. */
    void send(ByteBuffer plain) {
        if (!plain.hasRemaining()) {
            return;
        }
        if (!established) {
            ByteBuffer before = early == null ? NOTHING : early;
            early = ByteBuffer.allocate(before.remaining() + plain.remaining())
                    .put(before)
                    .put(plain)
                    .flip();
            return;
        }
        try {
            while (plain.hasRemaining() && wrap(plain) != Status.CLOSED) {
                // a record a turn
            }
        } catch (SSLException e) {
            fail(e);
        }
    }

    /** Makes as many records as fit into the loop's buffer, and sends them. */
    private Status wrap(ByteBuffer plain) throws SSLException {
        ByteBuffer wire = link.loop().tlsBuffers().wire.clear();
        int packet = engine.getSession().getPacketBufferSize();
        Status status;
        do {
            status = engine.wrap(plain, wire).getStatus();
        } while (status == Status.OK && plain.hasRemaining() && wire.remaining() >= packet);
        link.transmitRaw(wire.flip(), NOTHING);
        return status;
    }

    /** Says close_notify: nothing is sent after it. Not while a handshake task has the engine, which would make it wait. */
    void closeOutbound() {
        if (!busy && !engine.isOutboundDone()) {
            engine.closeOutbound();
            try {
                while (!engine.isOutboundDone() && wrap(NOTHING) == Status.OK) {
                    // a record a turn
                }
            } catch (SSLException e) {
                link.close(e);
            }
        }
    }

    /** The socket's input has ended: an attack if no close_notify came before, an end in either case. */
    void inputEnded() {
        if (!established) {
            link.close(new EOFException("the peer has ended the connection during the TLS handshake"));
        } else {
            endInput();
        }
    }

    private void endInput() {
        if (!inputEnded) {
            inputEnded = true;
            if (established) {
                link.tlsInputEnded();
            } else {
                link.close(new EOFException("the peer has ended the connection during the TLS handshake"));
            }
        }
    }

    /** Tells the peer by an alert, as far as that is possible, and closes. */
    private void fail(IOException cause) {
        try {
            while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && wrap(NOTHING) == Status.OK) {
                // the alert
            }
        } catch (SSLException e) {
            cause.addSuppressed(e);
        }
        link.close(cause);
    }
}
