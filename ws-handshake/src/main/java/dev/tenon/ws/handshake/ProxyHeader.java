package dev.tenon.ws.handshake;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The header of the PROXY protocol, in which a load balancer that forwards TCP connections names the client. It is the
 * first bytes of a connection, before TLS and HTTP. Version 1 is a line of text, version 2 is binary. Trust it only
 * from known proxies, because any client can send one.
 *
 * @param source the client's address, or null if the header does not name it
 * @param destination the address that the client has connected to, or null if the header does not name it
 */
public record ProxyHeader(
        @Nullable InetSocketAddress source, @Nullable InetSocketAddress destination) {

    /** A header without addresses, as proxies send it for health checks and for connections of unknown origin. */
    static final ProxyHeader UNKNOWN = new ProxyHeader(null, null);

    /** The greatest length of a header in bytes, with its extension fields (TLVs). */
    public static final int MAX_LENGTH = 16 + 4 * 1024;

    /**
     * Reads a header from the first bytes of a connection.
     *
     * @param input the first bytes of the connection; its position moves behind the header if that is complete,
     *     otherwise it stays
     * @return the header, or null if more bytes are needed
     * @throws IOException if the bytes are not a header; the caller must close the connection without a response
     */
    public static @Nullable ProxyHeader read(ByteBuffer input) throws IOException {
        return ProxyHeaderReader.read(input);
    }
}
