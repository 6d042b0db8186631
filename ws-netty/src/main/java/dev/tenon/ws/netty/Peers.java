package dev.tenon.ws.netty;

import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.server.HostedRequest;
import io.netty.channel.Channel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Describes the two ends of a connection: the connection of a channel, or the connection to which a stream's channel
 * belongs.
 */
final class Peers {
    private Peers() {}

    static HostedRequest request(Channel channel, HttpRequest head) {
        Channel connection = isStream(channel) ? channel.parent() : channel;
        if (connection instanceof QuicChannel quic) {
            SSLEngine engine = quic.sslEngine();
            return new HostedRequest(
                    head,
                    inet(quic.remoteSocketAddress()),
                    inet(quic.localSocketAddress()),
                    true,
                    engine == null ? null : engine.getSession());
        }
        SslHandler tls = connection.pipeline().get(SslHandler.class);
        SSLSession session = tls == null ? null : tls.engine().getSession();
        return new HostedRequest(
                head, inet(connection.remoteAddress()), inet(connection.localAddress()), tls != null, session);
    }

    private static boolean isStream(Channel channel) {
        return !(channel.parent() == null || channel.parent() instanceof io.netty.channel.ServerChannel);
    }

    private static @Nullable InetSocketAddress inet(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet : null;
    }
}
