package dev.tenon.ws.handshake;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The header of the PROXY protocol, with which a load balancer that forwards TCP connections says whose they are: the first
 * bytes of a connection, before TLS and HTTP. Version 1 is a line of text, version 2 is binary. It is to be believed only
 * from a proxy that is trusted, because anybody can send one.
 *
 * @param source the client's address, or null if the header says that it is not known
 * @param destination the address that the client has connected to, or null if the header says that it is not known
 */
public record ProxyHeader(
        @Nullable InetSocketAddress source, @Nullable InetSocketAddress destination) {

    /** A header without addresses: of a health check by the proxy itself, or of a connection that it knows nothing of. */
    static final ProxyHeader UNKNOWN = new ProxyHeader(null, null);

    /** No header is longer, in bytes; a proxy's further statements (TLVs) count. */
    public static final int MAX_LENGTH = 16 + 4 * 1024;

    /**
     * Reads a header from the first bytes of a connection.
     *
     * @param input the bytes from the first one on; moved behind the header if that is whole, else left as it was
     * @return the header, or null if more bytes are needed
     * @throws IOException if the bytes are no header: the connection is to be closed without an answer
     */
    public static @Nullable ProxyHeader read(ByteBuffer input) throws IOException {
        return ProxyHeaderReader.read(input);
    }
}
