package dev.tenon.ws.netty;

import dev.tenon.ws.server.HostedRoutes;
import dev.tenon.ws.server.RouteMetrics;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A server whose WebSockets and plain HTTP run on Netty: HTTP/1.1 and HTTP/2 over TCP, and HTTP/3 over UDP, on one
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
    /** The most attempts to find a port that is free over both UDP and TCP. */
    private static final int MOST_PORTS_TRIED = 20;

    private final MultiThreadIoEventLoopGroup loops;
    private final OpenChannels open = new OpenChannels();
    private final List<Channel> listening = new CopyOnWriteArrayList<>();
    private final InetSocketAddress address;
    private final HostedRoutes routes;

    NettyServer(NettyServerBuilder settings, HostedRoutes routes, @Nullable QuicSslContext quic) throws IOException {
        this.routes = routes;
        loops = new MultiThreadIoEventLoopGroup(
                settings.loops, new DefaultThreadFactory("tenon-netty-server"), NioIoHandler.newFactory());
        try {
            address = bind(settings, routes, quic);
        } catch (IOException | RuntimeException e) {
            stop(Duration.ZERO);
            throw e;
        }
    }

    /**
     * Creates a builder without routes.
     *
     * @return a builder without routes
     */
    public static NettyServerBuilder builder() {
        return new NettyServerBuilder();
    }

    private InetSocketAddress bind(NettyServerBuilder settings, HostedRoutes routes, @Nullable QuicSslContext quic)
            throws IOException {
        InetSocketAddress wanted = settings.address;
        for (int i = 1; ; i++) {
            // bind HTTP/3 first: the TCP connections announce its port
            Channel datagrams = quic == null ? null : bindQuic(wanted, quic, pipelines(settings, routes, ""));
            InetSocketAddress at = datagrams == null ? wanted : (InetSocketAddress) datagrams.localAddress();
            String alternative = datagrams == null ? "" : "h3=\":" + at.getPort() + "\"; ma=86400";
            Pipelines pipelines = pipelines(settings, routes, alternative);
            try {
                Channel accepting = bound(new ServerBootstrap()
                        .group(loops)
                        .channel(NioServerSocketChannel.class)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(pipelines.connection(settings.tls))
                        .bind(at));
                return (InetSocketAddress) accepting.localAddress();
            } catch (BindException taken) {
                if (datagrams == null || wanted.getPort() != 0 || i == MOST_PORTS_TRIED) {
                    throw taken;
                }
                listening.remove(datagrams);
                datagrams.close().awaitUninterruptibly();
            }
        }
    }

    private Pipelines pipelines(NettyServerBuilder settings, HostedRoutes routes, String alternative) {
        return new Pipelines(
                routes,
                alternative,
                settings.requestTimeout,
                settings.idleTimeout,
                settings.maxBody,
                settings.taps,
                open);
    }

    private Channel bindQuic(InetSocketAddress wanted, QuicSslContext quic, Pipelines pipelines) throws IOException {
        ChannelHandler codec = Http3.newQuicServerCodecBuilder()
                .sslContext(quic)
                .maxIdleTimeout(Durations.nanos(pipelines.idleTimeout()), TimeUnit.NANOSECONDS)
                .initialMaxStreamsBidirectional(ExtendedConnect.MAX_STREAMS)
                .initialMaxStreamDataBidirectionalRemote(ExtendedConnect.STREAM_WINDOW)
                .initialMaxData((long) ExtendedConnect.MAX_STREAMS * ExtendedConnect.STREAM_WINDOW)
                .tokenHandler(new QuicAddressTokens())
                .handler(pipelines.quic())
                .build();
        return bound(new Bootstrap()
                .group(loops)
                .channel(NioDatagramChannel.class)
                .handler(codec)
                .bind(wanted));
    }

    private Channel bound(io.netty.channel.ChannelFuture binding) throws IOException {
        binding.awaitUninterruptibly();
        Throwable failure = binding.cause();
        if (failure instanceof IOException io) {
            throw io;
        }
        if (failure != null) {
            throw new IOException("cannot listen: " + failure.getMessage(), failure);
        }
        listening.add(binding.channel());
        return binding.channel();
    }

    /**
     * Returns the address on which the server listens.
     *
     * @return the address with the actual port, the same over TCP and UDP
     */
    public InetSocketAddress address() {
        return address;
    }

    /**
     * Returns the port on which the server listens.
     *
     * @return the actual port
     */
    public int port() {
        return address.getPort();
    }

    /**
     * Returns the counters of each route and its open connections, like {@link HostedRoutes#metrics}.
     *
     * @return a snapshot of each route
     */
    public List<RouteMetrics> metrics() {
        return routes.metrics();
    }

    /**
     * Sets the state that a {@linkplain dev.tenon.ws.server.RouteBuilder#readiness readiness route} reports, so that
     * load balancers send no more connections to a server that is about to stop. The server still accepts connections.
     *
     * @param ready true until this is called
     */
    public void setReady(boolean ready) {
        routes.setReady(ready);
    }

    /**
     * Stops the server. It accepts no new connection, closes every WebSocket with 1001, and tells the clients of HTTP/2
     * and HTTP/3 by GOAWAY to open no more streams. It finishes the responses in progress, and aborts the remaining
     * channels at the deadline. When this method returns, no channel and no thread of the server is left, with one
     * exception: an event loop that a listener or a handler blocks ends when that call returns. Further calls have no
     * effect after the server has stopped.
     *
     * @param deadline how long this may take, at least a quarter of a second
     * @throws IllegalStateException if called on one of the server's own event loops, which would wait for itself; the
     *     server then serves on
     */
    public void stop(Duration deadline) {
        OpenChannels.requireAnother(loops);
        routes.setReady(false);
        open.end(loops, deadline, listening);
        routes.close();
    }

    /** Stops the server with a deadline of five seconds; see {@link #stop}. */
    @Override
    public void close() {
        stop(Duration.ofSeconds(5));
    }
}
