package dev.tenon.ws.transport;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A stream socket as its {@link Link} sees it: bytes in, bytes out, and two kinds of readiness. {@link NioSocket} is the one
 * class of this module that knows a channel and its selection key; a test puts a socket of its own here, which splits,
 * stalls, fails or closes at any byte. For the thread of the link's loop only.
 */
interface Socket {
    /** Opens the socket of a link. */
    @FunctionalInterface
    interface Opener {
        /** Opens the socket; of the link nothing but its loop may be used yet. */
        Socket open(Link link) throws IOException;
    }

    /**
     * Reads without blocking.
     *
     * @return the number of bytes, 0 if there are none at the moment, -1 if the peer has ended its direction
     */
    int read(ByteBuffer into) throws IOException;

    /** Writes as much as the peer takes at the moment, and returns how many bytes that was. */
    int write(ByteBuffer bytes) throws IOException;

    /** Writes the first {@code count} buffers in one system call where that is possible; returns the number of bytes. */
    long write(ByteBuffer[] buffers, int count) throws IOException;

    /** Chooses what the loop reports: {@link Link#readable()} for input, {@link Link#writable()} for room. */
    void watch(boolean input, boolean room);

    /** Ends the outbound direction. */
    void shutdownOutput() throws IOException;

    /** Closes both directions. */
    void close() throws IOException;

    /** The peer's address, or null if the socket is closed or not connected. */
    @Nullable
    SocketAddress remoteAddress();
}
