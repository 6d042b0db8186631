package dev.tenon.ws.transport;

import dev.tenon.ws.connection.Deadlines;
import dev.tenon.ws.connection.WireTap;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What lies between the socket of a {@link Link} and its protocol: TLS or nothing, and a tap or none. It is a part of the link
 * and no object of its own, so that a link without TLS pays nothing for it. For the loop's own thread.
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

    // What the link does for it

    /**
     * Gives plain bytes to the protocol, also those that were received for it by another one.
     *
     * @param bytes borrowed until this returns; what the protocol leaves is kept
     */
    public abstract void giveBack(ByteBuffer bytes);

    /** Sends bytes to the socket as they are. */
    abstract void transmit(Gather gather, @Nullable ByteBuffer body);

    // What it does for the link

    /**
     * What is spoken at the moment. Another thread than the loop's may see the protocol of a moment ago.
     *
     * @return the protocol
     */
    public final Protocol protocol() {
        return protocol;
    }

    final void speak(Protocol next) {
        protocol = next;
    }

    /** Has bytes travel inside TLS from now on, where there is an engine, and shows them to a tap. */
    final void carry(@Nullable SSLEngine engine, @Nullable WireTap tap) {
        this.tls = engine == null ? null : new Tls(engine, (Link) this);
        this.tap = tap;
    }

    /**
     * Ends a preamble, such as that of a proxy: from here on bytes travel inside TLS, and a tap sees them. The protocol is
     * told {@code opened} once TLS is established, at once without it.
     *
     * @param engine speaks TLS, or null for none
     * @param tap sees every byte from now on, or null
     * @throws IllegalStateException if the link speaks TLS already
     */
    public final void startTls(@Nullable SSLEngine engine, @Nullable WireTap tap) {
        if (isSecure()) {
            throw new IllegalStateException("TLS inside TLS is not supported");
        }
        carry(engine, tap);
        establish();
    }

    /** {@return whether the bytes travel inside TLS} */
    public final boolean isSecure() {
        return tls != null;
    }

    /** {@return what TLS has negotiated, or null without TLS} */
    public final @Nullable SSLSession session() {
        return tls == null ? null : tls.session();
    }

    /**
     * Gives TLS bytes that were received before it {@linkplain #startTls started}.
     *
     * @param records where the peer's first record begins; borrowed until this returns
     */
    public final void feedTls(ByteBuffer records) {
        if (tls != null) {
            tls.received(records);
        }
    }

    /** The socket is connected, or a preamble is over: {@link #established()} follows, now or later. */
    final void establish() {
        if (tls == null) {
            established();
        } else {
            tls.start();
        }
    }

    /** Bytes can be carried: the socket is connected, and TLS established where there is TLS. */
    final void established() {
        protocol.opened();
    }

    /** Takes bytes from the socket. */
    final void received(ByteBuffer bytes) {
        if (tls == null) {
            deliver(bytes);
        } else {
            tls.received(bytes);
        }
    }

    /** Takes plain bytes. */
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

    /** The peer has ended its direction, inside TLS where there is TLS. */
    final void deliverEnd() {
        protocol.inputEnded();
    }

    /** The link is not paused any more: what TLS has kept goes on. */
    final void resumeTls() {
        if (tls != null) {
            tls.resume();
        }
    }

    /** Whether the socket may be read. */
    final boolean isReadable() {
        return tls == null || tls.isReadable();
    }

    /**
     * Sends buffers in order, and borrowed bytes behind them.
     *
     * @param gather used up
     * @param body used up; borrowed until this returns, or null
     * @throws IOException if TLS fails
     */
    final void send(Gather gather, @Nullable ByteBuffer body) throws IOException {
        if (tap != null) {
            gather.show(tap, body);
        }
        if (tls == null) {
            transmit(gather, body);
        } else {
            tls.send(gather, body);
        }
    }

    /** Nothing is sent any more: TLS tells the peer so. */
    final void closeTlsOutput() throws IOException {
        if (tls != null) {
            tls.closeOutput();
        }
    }
}
