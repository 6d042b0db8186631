package dev.tenon.ws.transport.linux;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NoConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a socket to its peer:
 *
 * <pre>
 *     UNCONNECTED ── connect ──→ PENDING ── finish ──→ CONNECTED
 *          └───────────── connect at once ────────────────┘
 * </pre>
 *
 * Any thread may ask for the state.
 */
final class PeerConnection {
    private enum State {
        UNCONNECTED,
        PENDING,
        CONNECTED
    }

    private final Descriptor descriptor;
    private volatile State state;
    private volatile @Nullable SocketAddress address;

    /** The connection of a socket that is not connected yet, or of an accepted one, whose peer is known. */
    PeerConnection(Descriptor descriptor, @Nullable SocketAddress accepted) {
        this.descriptor = descriptor;
        this.address = accepted;
        this.state = accepted == null ? State.UNCONNECTED : State.CONNECTED;
    }

    boolean isEstablished() {
        return state == State.CONNECTED;
    }

    boolean isPending() {
        return state == State.PENDING;
    }

    void require() {
        if (state != State.CONNECTED) {
            throw new NotYetConnectedException();
        }
    }

    /** The peer's address; null if the socket is not connected. */
    @Nullable
    SocketAddress address() {
        return state == State.CONNECTED ? address : null;
    }

    /**
     * Begins to connect.
     *
     * @return whether the socket is connected already
     * @throws IOException if the attempt has failed, so that the socket must be closed
     */
    boolean connect(SocketAddress to) throws IOException {
        switch (state) {
            case CONNECTED -> throw new AlreadyConnectedException();
            case PENDING -> throw new ConnectionPendingException();
            default -> {
                SocketAddress target = SocketAddresses.target(Objects.requireNonNull(to));
                int result = descriptor.connect(target);
                if (result < 0 && result != -Errno.EINPROGRESS && result != -Errno.EINTR) {
                    throw Errno.socket(-result);
                }
                address = target;
                state = result == 0 ? State.CONNECTED : State.PENDING;
                return result == 0;
            }
        }
    }

    /**
     * Asks whether the socket is connected now.
     *
     * @throws IOException if the attempt has failed, so that the socket must be closed
     */
    boolean finish() throws IOException {
        if (state == State.UNCONNECTED) {
            throw new NoConnectionPendingException();
        }
        if (state == State.PENDING) {
            int error = SocketOptions.takeError(descriptor);
            if (error != 0) {
                throw Errno.socket(error);
            }
            if (!descriptor.hasPeer()) {
                return false;
            }
            state = State.CONNECTED;
        }
        return true;
    }
}
