package dev.tenon.ws.server;

import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.handshake.Agreement;
import dev.tenon.ws.handshake.ClientHandshake;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.transport.Protocol;
import dev.tenon.ws.transport.WebSocketProtocol;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The opening handshake of a client in memory. */
final class MemoryHandshake implements Protocol {
    private final MemoryTransport transport;
    private final ClientHandshake handshake;
    private final WebSocketListener listener;
    private volatile @Nullable HandshakeException failure;
    private volatile boolean over;

    MemoryHandshake(MemoryTransport transport, ClientHandshake handshake, WebSocketListener listener) {
        this.transport = transport;
        this.handshake = handshake;
        this.listener = listener;
    }

    @Override
    public void opened() {
        transport.write(handshake.request().encode());
    }

    @Override
    public void received(ByteBuffer input) {
        try {
            Agreement agreement = handshake.receive(input);
            if (agreement == null) {
                return;
            }
            over = true;
            Upgrade upgrade = agreement.upgrade();
            WebSocketProtocol next =
                    WebSocketProtocol.open(transport, Role.CLIENT, ConnectionOptions.DEFAULT, upgrade, listener, null);
            if (input.hasRemaining()) {
                next.received(input);
            }
        } catch (HandshakeException refusal) {
            fail(refusal);
        }
    }

    private void fail(HandshakeException refusal) {
        if (!over) {
            failure = refusal;
            over = true;
            transport.abort();
        }
    }

    /** Whether it has succeeded or failed. */
    boolean isOver() {
        return over;
    }

    @Nullable
    HandshakeException failure() {
        return failure;
    }

    @Override
    public void inputEnded() {
        fail(handshake.endOfInput());
    }

    @Override
    public void tick(long nowNanos) {}

    @Override
    public long nextDeadline() {
        return Long.MAX_VALUE;
    }

    @Override
    public void closed(@Nullable IOException cause) {
        if (!over) {
            fail(handshake.endOfInput());
        }
    }
}
