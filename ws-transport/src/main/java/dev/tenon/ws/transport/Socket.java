package dev.tenon.ws.transport;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A stream socket as its {@link Link} sees it: bytes in, bytes out, and two kinds of readiness. Only its implementation
 * {@link NioSocket} uses a channel and its selection key. Tests have implementations that split, stall, fail or close
 * at any byte. For the thread of the link's loop only.
 */
interface Socket {
    /** Opens the socket of a link. */
    @FunctionalInterface
    interface Opener {
        /** Opens the socket. It may only use the loop of the link, which is not initialized yet. */
        Socket open(Link link) throws IOException;
    }

    /**
     * Reads without blocking.
     *
     * @return the number of bytes, 0 if there are none now, -1 if the peer has ended its direction
     */
    int read(ByteBuffer into) throws IOException;

    /** Writes without blocking. Returns the number of bytes that the socket has accepted. */
    int write(ByteBuffer bytes) throws IOException;

    /** Writes the first {@code count} buffers, if possible in one system call. Returns the number of bytes. */
    long write(ByteBuffer[] buffers, int count) throws IOException;

    /**
     * Selects the events that the loop reports: {@link Link#readable()} for input, {@link Link#writable()} for room.
     */
    void watch(boolean input, boolean room);

    /** Ends the outbound direction. */
    void shutdownOutput() throws IOException;

    /** Closes both directions. */
    void close() throws IOException;

    /** The peer's address, or null if the socket is closed or not connected. */
    @Nullable
    SocketAddress remoteAddress();
}
