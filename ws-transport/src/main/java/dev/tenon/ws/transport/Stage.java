package dev.tenon.ws.transport;

import dev.tenon.ws.connection.Deadlines;
import dev.tenon.ws.connection.WireTap;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The layer between the socket of a {@link Link} and its protocol: optional TLS and an optional tap. It is a superclass
 * of the link instead of an object, so that a link without TLS pays nothing for it. For the loop's own thread.
 *
 * <pre>
 *     socket → received → [TLS] → [tap] → deliver
 *     socket ← transmit ← [TLS] ← [tap] ← send
 * </pre>
 */
abstract sealed class Stage extends Deadlines.Entry permits Link {
    private @Nullable Tls tls;
    private @Nullable WireTap tap;
    private Protocol protocol = AbsentProtocol.INSTANCE;

    // Implemented by the link

    /**
     * Delivers plain bytes to the protocol, for example those that an earlier protocol has received for it.
     *
     * @param bytes borrowed until this returns; bytes that the protocol leaves are kept
     */
    public abstract void giveBack(ByteBuffer bytes);

    /** {@return how many bytes wait for the socket, encrypted if the link uses TLS} */
    public abstract long backlog();

    /** Sends bytes to the socket unencrypted. */
    abstract void transmit(GatheredBuffers gathered, @Nullable ByteBuffer body);

    // Called by the link

    /**
     * The current protocol. Other threads than the loop's may still see the previous one.
     *
     * @return the protocol
     */
    public final Protocol protocol() {
        return protocol;
    }

    final void setProtocol(Protocol next) {
        protocol = next;
    }

    /** Starts TLS, if there is an engine, and passes plain bytes to a tap. */
    final void attach(@Nullable SSLEngine engine, @Nullable WireTap tap) {
        this.tls = engine == null ? null : new Tls(engine, (Link) this);
        this.tap = tap;
    }

    /**
     * Ends a preamble, such as that of a proxy. From here on the link uses TLS, and a tap sees the plain bytes. The
     * protocol's {@code opened} is called when TLS is established, or at once without TLS.
     *
     * @param engine the TLS engine, or null for none
     * @param tap sees every byte from now on, or null
     * @throws IllegalStateException if the link uses TLS already
     */
    public final void startTls(@Nullable SSLEngine engine, @Nullable WireTap tap) {
        if (isSecure()) {
            throw new IllegalStateException("TLS inside TLS is not supported");
        }
        attach(engine, tap);
        establish();
    }

    /** {@return whether the link uses TLS} */
    public final boolean isSecure() {
        return tls != null;
    }

    /** {@return the TLS session, or null without TLS} */
    public final @Nullable SSLSession session() {
        return tls == null ? null : tls.session();
    }

    /**
     * Handles bytes that were received before the {@linkplain #startTls end of the preamble}, and lie behind it.
     *
     * @param bytes from the peer's first record on, or plain bytes if there is no TLS; borrowed until this returns
     */
    public final void feed(ByteBuffer bytes) {
        received(bytes);
    }

    /** The socket is connected, or a preamble is over. Calls {@link #established()} now or after the TLS handshake. */
    final void establish() {
        if (tls == null) {
            established();
        } else {
            tls.start();
        }
    }

    /** The socket is connected, and TLS is established if the link uses it. */
    final void established() {
        protocol.opened();
    }

    /** Handles bytes from the socket. */
    final void received(ByteBuffer bytes) {
        if (tls == null) {
            deliver(bytes);
        } else {
            tls.received(bytes);
        }
    }

    /** Handles plain bytes. */
    final void deliver(ByteBuffer bytes) {
        if (tap != null) {
            tap.received(bytes.asReadOnlyBuffer());
        }
        giveBack(bytes);
    }

    /** The socket's input has ended. */
    final void inputEnded() {
        if (tls == null) {
            deliverEnd();
        } else {
            tls.inputEnded();
        }
    }

    /** The peer has ended its direction; with TLS, by close_notify. */
    final void deliverEnd() {
        protocol.inputEnded();
    }

    /** The link has resumed, so TLS processes the records that it has kept. */
    final void resumeTls() {
        if (tls != null) {
            tls.resume();
        }
    }

    /** {@return how many encrypted bytes have left; negative without TLS, where these are the bytes of the protocol} */
    public final long left() {
        return tls == null ? -1 : tls.encrypted() - backlog();
    }

    /** Whether TLS has received records that it has not decrypted yet. */
    final boolean keepsRecords() {
        return tls != null && tls.keepsRecords();
    }

    /** Whether the socket may be read. */
    final boolean isReadable() {
        return tls == null || tls.isReadable();
    }

    /**
     * Sends buffers in order, and borrowed bytes behind them.
     *
     * @param gathered used up
     * @param body used up; borrowed until this returns, or null
     * @throws IOException if TLS fails
     */
    final void send(GatheredBuffers gathered, @Nullable ByteBuffer body) throws IOException {
        if (tap != null) {
            gathered.show(tap, body);
        }
        if (tls == null) {
            transmit(gathered, body);
        } else {
            tls.send(gathered, body);
        }
    }

    /** Ends the output of TLS with close_notify. */
    final void closeTlsOutput() throws IOException {
        if (tls != null) {
            tls.closeOutput();
        }
    }
}
