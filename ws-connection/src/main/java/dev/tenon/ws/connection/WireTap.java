package dev.tenon.ws.connection;

import java.nio.ByteBuffer;

/**
 * Sees every byte of a connection, handshake included, as it travels (inside TLS, where there is TLS): for tools that
 * show or record what goes over the wire. A {@link dev.tenon.ws.frame.FrameDecoder} makes frames of it again.
 *
 * <p>Called on the connection's own thread, in order per direction; what it throws ends the connection. It must not send on
 * any connection from within a call: the buffer that it is reading is the one that sends write into.
 */
public interface WireTap {
    /**
     * Bytes came from the peer.
     *
     * @param bytes from position to limit; read-only, borrowed until this returns
     */
    void received(ByteBuffer bytes);

    /**
     * Bytes are on their way to the peer.
     *
     * @param bytes from position to limit; read-only, borrowed until this returns
     */
    void sent(ByteBuffer bytes);
}
