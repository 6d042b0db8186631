package dev.tenon.ws.connection;

import java.nio.ByteBuffer;

/**
 * Observes all bytes of a connection as they travel, including the handshake (inside TLS, if there is TLS). For tools
 * that display or record the traffic. A {@link dev.tenon.ws.frame.FrameDecoder} decodes the bytes into frames again.
 *
 * <p>Called on the connection's own thread, in order for each direction. An exception of the tap ends the connection. A
 * tap must not send on any connection from inside a call, because a send would write into the buffer that the tap
 * reads.
 */
public interface WireTap {
    /**
     * Bytes have arrived from the peer.
     *
     * @param bytes from position to limit; read-only, borrowed until this returns
     */
    void received(ByteBuffer bytes);

    /**
     * Bytes are about to be sent to the peer.
     *
     * @param bytes from position to limit; read-only, borrowed until this returns
     */
    void sent(ByteBuffer bytes);
}
