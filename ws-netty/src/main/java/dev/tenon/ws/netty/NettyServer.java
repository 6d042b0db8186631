package dev.tenon.ws.netty;

import dev.tenon.ws.server.HostedRoutes;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.quic.InsecureQuicTokenHandler;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A server whose WebSockets and plain HTTP are carried by Netty: HTTP/1.1 and HTTP/2 over TCP, and HTTP/3 over UDP, on one
 * port. Its routes, endpoints and listeners are those of {@link dev.tenon.ws.server.WebSocketServer}.
 *
 * <pre>{@code
 * try (NettyServer server = NettyServer.builder()
 *         .listen(new InetSocketAddress("0.0.0.0", 443))
 *         .tls(certificatePem, keyPem)                                  // HTTP/1.1, HTTP/2 and HTTP/3
 *         .routes(routes -> routes
 *                 .route("/rooms/{room}", upgrade -> upgrade.accept(new Member(upgrade.pathParameter("room"))))
 *                 .get("/health", request -> HttpResponse.text(200, "ok\n")))
 *         .start()) {
 *     ...
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class NettyServer implements AutoCloseable {
    private static final long QUIC_IDLE_SECONDS = 120;
    /** For ports that are free over TCP and not over UDP. */
    private static final int MOST_PORTS_TRIED = 20;

    private final MultiThreadIoEventLoopGroup loops;
    private final ChannelGroup listening = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final InetSocketAddress address;

    NettyServer(
            InetSocketAddress wanted,
            HostedRoutes routes,
            @Nullable SslContext tls,
            @Nullable QuicSslContext quic,
            Duration requestTimeout,
            int maxBody,
            int loopCount)
            throws IOException {
        loops = new MultiThreadIoEventLoopGroup(loopCount, NioIoHandler.newFactory());
        try {
            address = bind(wanted, routes, tls, quic, requestTimeout, maxBody);
        } catch (IOException | RuntimeException e) {
            stop(Duration.ZERO);
            throw e;
        }
    }

    /**
     * Begins a description.
     *
     * @return a builder without routes
     */
    public static NettyServerBuilder builder() {
        return new NettyServerBuilder();
    }

    private InetSocketAddress bind(
            InetSocketAddress wanted,
            HostedRoutes routes,
            @Nullable SslContext tls,
            @Nullable QuicSslContext quic,
            Duration requestTimeout,
            int maxBody)
            throws IOException {
        for (int i = 1; ; i++) {
            // HTTP/3 first: its port has to be known to those that announce it
            Channel udp = quic == null ? null : bindQuic(wanted, quic, routes, requestTimeout, maxBody);
            InetSocketAddress at = udp == null ? wanted : (InetSocketAddress) udp.localAddress();
            String alternative = udp == null ? "" : "h3=\":" + at.getPort() + "\"; ma=86400";
            Pipelines pipelines = new Pipelines(routes, alternative, requestTimeout, maxBody);
            try {
                Channel tcp = bound(new ServerBootstrap()
                        .group(loops)
                        .channel(NioServerSocketChannel.class)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(pipelines.connection(tls))
                        .bind(at));
                listening.add(tcp);
                if (udp != null) {
                    listening.add(udp);
                }
                return (InetSocketAddress) tcp.localAddress();
            } catch (BindException taken) {
                if (udp == null || wanted.getPort() != 0 || i == MOST_PORTS_TRIED) {
                    throw taken;
                }
                udp.close().awaitUninterruptibly();
            }
        }
    }

    private Channel bindQuic(
            InetSocketAddress wanted, QuicSslContext quic, HostedRoutes routes, Duration requestTimeout, int maxBody)
            throws IOException {
        Pipelines pipelines = new Pipelines(routes, "", requestTimeout, maxBody);
        ChannelHandler codec = Http3.newQuicServerCodecBuilder()
                .sslContext(quic)
                .maxIdleTimeout(QUIC_IDLE_SECONDS, TimeUnit.SECONDS)
                .initialMaxStreamsBidirectional(ExtendedConnect.MAX_STREAMS)
                .initialMaxStreamDataBidirectionalRemote(ExtendedConnect.STREAM_WINDOW)
                .initialMaxData((long) ExtendedConnect.MAX_STREAMS * ExtendedConnect.STREAM_WINDOW)
                .tokenHandler(InsecureQuicTokenHandler.INSTANCE)
                .handler(new PerConnection(pipelines))
                .build();
        return bound(new Bootstrap()
                .group(loops)
                .channel(NioDatagramChannel.class)
                .handler(codec)
                .bind(wanted));
    }

    private static Channel bound(io.netty.channel.ChannelFuture binding) throws IOException {
        binding.awaitUninterruptibly();
        Throwable failure = binding.cause();
        if (failure instanceof IOException io) {
            throw io;
        }
        if (failure != null) {
            throw new IOException("cannot listen", failure);
        }
        return binding.channel();
    }

    /** Makes the handler of each connection of QUIC. */
    private static final class PerConnection extends io.netty.channel.ChannelInitializer<Channel> {
        private final Pipelines pipelines;

        PerConnection(Pipelines pipelines) {
            this.pipelines = pipelines;
        }

        @Override
        protected void initChannel(Channel connection) {
            connection.pipeline().addLast(pipelines.quic());
        }

        @Override
        public boolean isSharable() {
            return true;
        }
    }

    /**
     * Where the server listens.
     *
     * @return the address with the actual port, the same over TCP and UDP
     */
    public InetSocketAddress address() {
        return address;
    }

    /**
     * The port that the server listens on.
     *
     * @return the actual port
     */
    public int port() {
        return address.getPort();
    }

    /**
     * Stops listening, and closes what is left after a deadline; returns when the event loops have ended.
     *
     * @param deadline how long connections may go on
     */
    public void stop(Duration deadline) {
        listening.close().awaitUninterruptibly();
        loops.shutdownGracefully(0, deadline.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }

    /** Stops with a deadline of five seconds, see {@link #stop}. */
    @Override
    public void close() {
        stop(Duration.ofSeconds(5));
    }
}
