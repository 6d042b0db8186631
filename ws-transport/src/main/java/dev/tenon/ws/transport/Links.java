package dev.tenon.ws.transport;

import dev.tenon.ws.connection.WireTap;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** Opens links for accepted channels and for outgoing connections. */
public final class Links {
    private Links() {}

    /** Creates the first protocol of a link. */
    @FunctionalInterface
    public interface ProtocolFactory {
        /**
         * Creates the first protocol of a link.
         *
         * @param link the link, not open yet
         * @return the protocol
         */
        Protocol create(Link link);
    }

    /**
     * Opens a link for a connected channel.
     *
     * @param loop the loop that the caller runs on
     * @param channel connected and non-blocking, of the loop's {@linkplain EventLoop#provider() provider}
     * @param engine the TLS engine, or null for none
     * @param tap sees every byte, or null
     * @param protocol creates the first protocol
     * @return the link
     * @throws IOException if the channel cannot be registered
     */
    public static Link accepted(
            EventLoop loop,
            SocketChannel channel,
            @Nullable SSLEngine engine,
            @Nullable WireTap tap,
            ProtocolFactory protocol)
            throws IOException {
        Link link = open(loop, channel, engine, tap, protocol);
        link.connected();
        return link;
    }

    /**
     * Begins to connect.
     *
     * @param loop the loop that the caller runs on
     * @param channel unconnected and non-blocking, of the loop's {@linkplain EventLoop#provider() provider}
     * @param remote the address to connect to
     * @param engine the TLS engine, or null for none
     * @param tap sees every byte, or null
     * @param protocol creates the first protocol, whose {@code opened} or {@code closed} is called
     * @return the link
     * @throws IOException if it fails at once
     */
    public static Link connect(
            EventLoop loop,
            SocketChannel channel,
            SocketAddress remote,
            @Nullable SSLEngine engine,
            @Nullable WireTap tap,
            ProtocolFactory protocol)
            throws IOException {
        boolean connected = channel.connect(remote);
        Link link = open(loop, channel, engine, tap, protocol);
        if (connected) {
            link.connected();
        }
        return link;
    }

    private static Link open(
            EventLoop loop,
            SocketChannel channel,
            @Nullable SSLEngine engine,
            @Nullable WireTap tap,
            ProtocolFactory protocol)
            throws IOException {
        Link link = new Link(loop, opened -> new NioSocket(channel, opened), engine, tap);
        try {
            link.switchTo(protocol.create(link));
        } catch (Throwable e) {
            link.discard();
            throw e;
        }
        return link;
    }
}
