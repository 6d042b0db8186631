package dev.tenon.ws.netty;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.handshake.Agreement;
import dev.tenon.ws.handshake.ClientHandshake;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.handshake.WebSocketUri;
import dev.tenon.ws.server.HostedResponse;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@code connect}, from the opening of the socket to {@code onOpen}. Belongs to its event loop, except
 * {@link #result}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the handlers of a channel report its outcome
final class ClientCall {
    private final WebSocketUri uri;
    private final Function<HttpVersion, ClientHandshake> handshakes;
    private final WebSocketListener listener;
    private final NettyClientBuilder settings;
    private final OpenChannels open;
    private final EventLoop loop;
    private final CompletableFuture<WebSocket> result = new CompletableFuture<>();
    private @Nullable Channel channel;

    ClientCall(
            WebSocketUri uri,
            Function<HttpVersion, ClientHandshake> handshakes,
            WebSocketListener listener,
            NettyClientBuilder settings,
            OpenChannels open,
            EventLoop loop) {
        this.uri = uri;
        this.handshakes = handshakes;
        this.listener = listener;
        this.settings = settings;
        this.open = open;
        this.loop = loop;
    }

    CompletableFuture<WebSocket> result() {
        return result;
    }

    void start(HttpVersion version) {
        Future<?> deadline = loop.schedule(
                () -> fail(new IOException("the connect has taken longer than " + settings.timeout)),
                settings.timeout.toNanos(),
                TimeUnit.NANOSECONDS);
        result.whenComplete((opened, failure) -> {
            deadline.cancel(false);
            if (failure != null) {
                loop.execute(this::closeChannel); // also after the caller has cancelled the result
            }
        });
        loop.execute(() -> attempt(version));
    }

    private void attempt(HttpVersion version) {
        try {
            switch (version) {
                case HTTP_3 -> Http3Opening.connect(this);
                case HTTP_2 -> connectTcp(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);
                default -> connectTcp(ApplicationProtocolNames.HTTP_1_1);
            }
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    private void connectTcp(String... protocols) throws SSLException {
        SslContext tls = uri.secure() ? settings.tls(protocols) : null;
        boolean priorKnowledge = tls == null && protocols.length > 1;
        new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        Math.min(Integer.MAX_VALUE, settings.timeout.toMillis()))
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel opened) {
                        opened(opened);
                        if (tls != null) {
                            opened.pipeline()
                                    .addLast(tls.newHandler(opened.alloc(), uri.host(), uri.port()), new Negotiation());
                        } else {
                            addPipeline(opened.pipeline(), priorKnowledge);
                        }
                    }
                })
                .connect(uri.host(), uri.port())
                .addListener(connected -> failIfFailed(connected));
    }

    private void addPipeline(ChannelPipeline pipeline, boolean http2) {
        if (http2) {
            Http2Opening.addTo(pipeline, this);
        } else {
            pipeline.addLast(new Http1Opening(this));
        }
    }

    /** Installs the protocol that ALPN has selected (RFC 7301). */
    private final class Negotiation extends ApplicationProtocolNegotiationHandler {
        Negotiation() {
            super(ApplicationProtocolNames.HTTP_1_1);
        }

        @Override
        protected void configurePipeline(ChannelHandlerContext context, String protocol) {
            boolean http2 = protocol.equals(ApplicationProtocolNames.HTTP_2);
            if (!http2 && settings.version == HttpVersion.HTTP_2) {
                fail(new IOException("the server does not speak HTTP/2"));
            } else {
                addPipeline(context.pipeline(), http2);
            }
        }

        @Override
        protected void handshakeFailure(ChannelHandlerContext context, Throwable cause) {
            fail(cause);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            fail(cause);
        }
    }

    // For the opening handshakes of the three versions

    WebSocketUri uri() {
        return uri;
    }

    EventLoop loop() {
        return loop;
    }

    NettyClientBuilder settings() {
        return settings;
    }

    ClientHandshake handshake(HttpVersion version) {
        return handshakes.apply(version);
    }

    /** Registers the channel that is closed if the connect fails. */
    void opened(Channel connection) {
        channel = connection;
        open.add(connection);
        if (result.isDone()) {
            connection.close();
        }
    }

    /** Registers a connection that runs in a socket, or a stream that runs in a connection. */
    void within(Channel inner) {
        open.add(inner);
    }

    /** Handles a server that supports HTTP/2, but not WebSocket over HTTP/2; {@code reason} describes its message. */
    void fallBackToHttp1(String reason) {
        if (settings.version == HttpVersion.HTTP_2) {
            fail(new IOException(reason));
            return;
        }
        closeChannel();
        attempt(HttpVersion.HTTP_1_1);
    }

    /** Handles a response that accepts the handshake: the carrier opens the WebSocket. */
    void accepted(Agreement agreement, Carrier carrier) {
        if (result.isDone()) {
            carrier.abort();
            return;
        }
        Upgrade upgrade = agreement.upgrade();
        HostedResponse.Accepted accepted =
                new HostedResponse.Accepted(settings.options, upgrade, listener, settings.executor, opened -> {});
        try {
            result.complete(carrier.open(Role.CLIENT, accepted, () -> {}));
        } catch (RuntimeException | Error broken) { // thrown by an extension that cannot be opened
            fail(broken);
        }
    }

    void failIfFailed(Future<?> step) {
        if (!step.isSuccess()) {
            Throwable cause = step.cause();
            fail(cause == null ? new IOException("the connect was cancelled") : cause);
        }
    }

    void fail(Throwable cause) {
        result.completeExceptionally(cause);
    }

    boolean isOver() {
        return result.isDone();
    }

    private void closeChannel() {
        if (channel != null) {
            channel.close();
        }
    }
}
