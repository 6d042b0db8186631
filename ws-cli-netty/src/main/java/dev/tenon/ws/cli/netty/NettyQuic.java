package dev.tenon.ws.cli.netty;

import dev.tenon.ws.suite.QuicConnector;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** Netty's QUIC for the conformance suite. Each connection has a UDP socket; all of them share one event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // nothing depends on when a channel is closed
public final class NettyQuic implements QuicConnector {
    private static final long IDLE_SECONDS = 120;
    private static final long CONNECTION_WINDOW = 1 << 24;
    private static final long STREAM_WINDOW = 1 << 20;
    private static final long STREAMS_OF_SERVER = 16;

    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("suite-quic", true), NioIoHandler.newFactory());

    /** For {@link java.util.ServiceLoader}. */
    public NettyQuic() {}

    @Override
    public Connection connect(
            String host, int port, String protocol, @Nullable TrustManager trust, Duration timeout, Listener listener)
            throws IOException {
        if (!Quic.isAvailable()) {
            throw new IOException("Netty has no native code of QUIC for this platform", Quic.unavailabilityCause());
        }
        QuicSslContext tls = context(protocol, trust);
        ChannelFuture bound = new Bootstrap()
                .group(loop)
                .channel(NioDatagramChannel.class)
                .handler(new QuicClientCodecBuilder()
                        .sslEngineProvider(quic -> tls.newEngine(quic.alloc(), host, port))
                        .maxIdleTimeout(IDLE_SECONDS, TimeUnit.SECONDS)
                        .initialMaxData(CONNECTION_WINDOW)
                        .initialMaxStreamDataBidirectionalLocal(STREAM_WINDOW)
                        .initialMaxStreamDataUnidirectional(STREAM_WINDOW)
                        .initialMaxStreamsUnidirectional(STREAMS_OF_SERVER)
                        .build())
                .bind(0);
        await(bound, timeout);
        try {
            QuicChannel quic = open(bound.channel(), new InetSocketAddress(host, port), timeout, listener);
            quic.closeFuture().addListener(closed -> bound.channel().close());
            return new NettyQuicConnection(quic, timeout);
        } catch (IOException e) {
            bound.channel().close();
            throw e;
        }
    }

    private static QuicSslContext context(String protocol, @Nullable TrustManager trust) {
        QuicSslContextBuilder builder = QuicSslContextBuilder.forClient()
                .endpointIdentificationAlgorithm("HTTPS")
                .applicationProtocols(protocol);
        return (trust == null ? builder : builder.trustManager(trust)).build();
    }

    private static QuicChannel open(Channel udp, InetSocketAddress server, Duration timeout, Listener listener)
            throws IOException {
        Future<QuicChannel> connected = QuicChannel.newBootstrap(udp)
                .handler(new Events(listener))
                .streamHandler(new ChannelInitializer<QuicStreamChannel>() {
                    @Override
                    protected void initChannel(QuicStreamChannel stream) {
                        stream.pipeline().addLast(new NettyQuicReceiver(listener.opened()));
                    }
                })
                .remoteAddress(server)
                .connect();
        await(connected, timeout);
        return connected.getNow();
    }

    /** Waits for an operation of the event loop. */
    static void await(Future<?> operation, Duration timeout) throws IOException {
        try {
            if (!operation.await(timeout.toMillis())) {
                throw new IOException("not done within " + timeout.toMillis() + " ms");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (!operation.isSuccess()) {
            throw new IOException(String.valueOf(operation.cause().getMessage()), operation.cause());
        }
    }

    /** Passes the end of a connection on. */
    private static final class Events extends ChannelInboundHandlerAdapter {
        private final Listener listener;

        Events(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof QuicConnectionCloseEvent close) {
                listener.closed(close.isApplicationClose() ? close.error() : -1, "the connection has ended: " + close);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            listener.closed(-1, "the connection has ended");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            listener.closed(-1, "the connection has failed: " + cause.getMessage());
            context.close();
        }
    }
}
