package dev.tenon.ws.cli.netty;

import dev.tenon.ws.suite.QuicTransport;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
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
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Netty's QUIC for the conformance suite. A connection to a server has a UDP socket of its own; the connections that a
 * server has accepted share one. All of them share one event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nothing depends on when a channel is closed
public final class NettyQuic implements QuicTransport {
    private static final long IDLE_SECONDS = 120;
    private static final long CONNECTION_WINDOW = 1 << 24;
    private static final long STREAM_WINDOW = 1 << 20;
    private static final long UNIDIRECTIONAL_STREAMS = 16;
    private static final long STREAMS_OF_CLIENT = 128;

    private static final AttributeKey<Listener> LISTENER = AttributeKey.valueOf(NettyQuic.class, "listener");

    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("suite-quic", true), NioIoHandler.newFactory());

    /** For {@link java.util.ServiceLoader}. */
    public NettyQuic() {}

    @Override
    public <L extends Listener> L connect(
            String host,
            int port,
            String protocol,
            @Nullable TrustManager trust,
            Duration timeout,
            Function<Connection, L> opened)
            throws IOException {
        checkAvailable();
        QuicSslContext tls = clientContext(protocol, trust);
        Channel udp = bind(
                new QuicClientCodecBuilder()
                        .sslEngineProvider(quic -> tls.newEngine(quic.alloc(), host, port))
                        .maxIdleTimeout(IDLE_SECONDS, TimeUnit.SECONDS)
                        .initialMaxData(CONNECTION_WINDOW)
                        .initialMaxStreamDataBidirectionalLocal(STREAM_WINDOW)
                        .initialMaxStreamDataUnidirectional(STREAM_WINDOW)
                        .initialMaxStreamsUnidirectional(UNIDIRECTIONAL_STREAMS)
                        .build(),
                new InetSocketAddress(0),
                timeout);
        CompletableFuture<L> listener = new CompletableFuture<>();
        Future<QuicChannel> connected = QuicChannel.newBootstrap(udp)
                .handler(new ClientInitializer(timeout, connection -> {
                    listener.complete(opened.apply(connection));
                    return listener.join();
                }))
                .streamHandler(new StreamInitializer(timeout))
                .remoteAddress(new InetSocketAddress(host, port))
                .connect();
        try {
            await(connected, timeout);
            connected.getNow().closeFuture().addListener(closed -> udp.close());
            return listener.join();
        } catch (IOException e) {
            udp.close();
            throw e;
        }
    }

    @Override
    public Server listen(
            InetSocketAddress address,
            String protocol,
            KeyManager key,
            Duration timeout,
            Function<Connection, Listener> accepted)
            throws IOException {
        checkAvailable();
        Channel udp = bind(
                new QuicServerCodecBuilder()
                        .sslContext(QuicSslContextBuilder.forServer(key, null)
                                .applicationProtocols(protocol)
                                .build())
                        .maxIdleTimeout(IDLE_SECONDS, TimeUnit.SECONDS)
                        .initialMaxData(CONNECTION_WINDOW)
                        .initialMaxStreamDataBidirectionalRemote(STREAM_WINDOW)
                        .initialMaxStreamDataUnidirectional(STREAM_WINDOW)
                        .initialMaxStreamsBidirectional(STREAMS_OF_CLIENT)
                        .initialMaxStreamsUnidirectional(UNIDIRECTIONAL_STREAMS)
                        .handler(new AcceptedHandler(timeout, accepted))
                        .streamHandler(new StreamInitializer(timeout))
                        .build(),
                address,
                timeout);
        return new RunningServer(udp);
    }

    private static void checkAvailable() throws IOException {
        if (!Quic.isAvailable()) {
            throw new IOException("Netty has no native code of QUIC for this platform", Quic.unavailabilityCause());
        }
    }

    private static QuicSslContext clientContext(String protocol, @Nullable TrustManager trust) {
        QuicSslContextBuilder builder = QuicSslContextBuilder.forClient()
                .endpointIdentificationAlgorithm("HTTPS")
                .applicationProtocols(protocol);
        return (trust == null ? builder : builder.trustManager(trust)).build();
    }

    private Channel bind(ChannelHandler codec, InetSocketAddress address, Duration timeout) throws IOException {
        ChannelFuture bound = new Bootstrap()
                .group(loop)
                .channel(NioDatagramChannel.class)
                .handler(codec)
                .bind(address);
        await(bound, timeout);
        return bound.channel();
    }

    private record RunningServer(Channel udp) implements Server {
        @Override
        public int port() {
            return ((InetSocketAddress) udp.localAddress()).getPort();
        }

        @Override
        public void close() {
            udp.close().awaitUninterruptibly();
        }
    }

    /** Adds the listener to a connection of a client before it is open. */
    private static final class ClientInitializer extends ChannelInitializer<QuicChannel> {
        private final Duration timeout;
        private final Function<Connection, ? extends Listener> opened;

        ClientInitializer(Duration timeout, Function<Connection, ? extends Listener> opened) {
            this.timeout = timeout;
            this.opened = opened;
        }

        @Override
        protected void initChannel(QuicChannel quic) {
            register(quic, opened.apply(new NettyQuicConnection(quic, timeout)));
        }
    }

    /** Adds the listener to each accepted connection once it is open, because no stream can be opened before. */
    @Sharable
    private static final class AcceptedHandler extends ChannelInboundHandlerAdapter {
        private final Duration timeout;
        private final Function<Connection, Listener> accepted;

        AcceptedHandler(Duration timeout, Function<Connection, Listener> accepted) {
            this.timeout = timeout;
            this.accepted = accepted;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            QuicChannel quic = (QuicChannel) context.channel();
            register(quic, accepted.apply(new NettyQuicConnection(quic, timeout)));
            context.fireChannelActive();
        }
    }

    private static void register(QuicChannel quic, Listener listener) {
        quic.attr(LISTENER).set(listener);
        quic.pipeline().addLast(new Events(listener));
    }

    /** Adds the receiver to each stream that the peer opens. */
    @Sharable
    private static final class StreamInitializer extends ChannelInitializer<QuicStreamChannel> {
        private final Duration timeout;

        StreamInitializer(Duration timeout) {
            this.timeout = timeout;
        }

        @Override
        protected void initChannel(QuicStreamChannel stream) {
            Listener listener = stream.parent().attr(LISTENER).get();
            stream.pipeline()
                    .addLast(new NettyQuicReceiver(
                            stream.type() == QuicStreamType.UNIDIRECTIONAL
                                    ? listener.openedUnidirectional()
                                    : listener.opened(new NettyQuicConnection.Stream(stream, timeout))));
        }
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
