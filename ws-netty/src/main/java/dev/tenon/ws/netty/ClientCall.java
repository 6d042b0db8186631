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
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@code connect}, from the opening of the socket to {@code onOpen}. Belongs to its event loop, except
 * {@link #result}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the handlers of a channel report its outcome
final class ClientCall {
    /** What all calls of a client share. */
    record Client(NettyClientBuilder settings, OpenChannels open, OpenCalls calls, HostLookup lookup, ClientTls tls) {}

    private final WebSocketUri uri;
    private final Function<HttpVersion, ClientHandshake> handshakes;
    private final WebSocketListener listener;
    private final Client client;
    private final NettyClientBuilder settings;
    private final EventLoop loop;
    private final CompletableFuture<WebSocket> result = new CompletableFuture<>();
    private @Nullable Channel channel;

    ClientCall(
            WebSocketUri uri,
            Function<HttpVersion, ClientHandshake> handshakes,
            WebSocketListener listener,
            Client client,
            EventLoop loop) {
        this.uri = uri;
        this.handshakes = handshakes;
        this.listener = listener;
        this.client = client;
        this.settings = client.settings();
        this.loop = loop;
    }

    CompletableFuture<WebSocket> result() {
        return result;
    }

    void start(HttpVersion version) {
        client.calls().add(this);
        onLoop(() -> {
            Future<?> deadline = loop.schedule(
                    () -> fail(new IOException("the connect has taken longer than " + settings.timeout)),
                    Durations.nanos(settings.timeout),
                    TimeUnit.NANOSECONDS);
            result.whenComplete((opened, failure) -> {
                deadline.cancel(false);
                if (failure != null) {
                    onLoop(this::closeChannel); // also after the caller has cancelled the result
                }
            });
            if (!isOver()) {
                attempt(version);
            }
        });
    }

    /** Fails the connect because the client is closed, unless {@code onOpen} has been called. */
    void cancel() {
        onLoop(() -> fail(new IOException("the client is closed")));
    }

    /** Runs a step on the event loop. An exception fails the connect, as does the end of the loop. */
    private void onLoop(Runnable step) {
        try {
            loop.execute(() -> guard(step));
        } catch (RejectedExecutionException closed) {
            fail(new IOException("the client is closed", closed));
        }
    }

    private void attempt(HttpVersion version) {
        if (version == HttpVersion.HTTP_3 && !uri.secure()) {
            fail(new IOException("HTTP/3 is for wss only"));
            return;
        }
        boolean http2 = version == HttpVersion.HTTP_2;
        afterHelper(client.lookup().find(uri.host()), found -> {
            InetSocketAddress server = new InetSocketAddress(found, uri.port());
            if (version == HttpVersion.HTTP_3) {
                afterHelper(client.tls().http3(), tls -> Http3Opening.connect(this, server, tls));
            } else if (uri.secure()) {
                afterHelper(http2 ? client.tls().http2() : client.tls().http1(), tls -> connectTcp(server, tls, http2));
            } else {
                connectTcp(server, null, http2);
            }
        });
    }

    /** Continues on the event loop when a helper thread has made a call. */
    private <T> void afterHelper(CompletableFuture<T> call, Consumer<T> next) {
        call.whenComplete((value, failure) -> {
            if (failure != null) {
                fail(failure);
            } else {
                onLoop(() -> {
                    if (!isOver()) {
                        next.accept(value);
                    }
                });
            }
        });
    }

    /**
     * Runs a step. An exception fails the connect, also one of the application's handshake, which Netty would only log in
     * its initializers and listeners.
     */
    void guard(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    private void connectTcp(InetSocketAddress server, @Nullable SslContext tls, boolean http2) {
        new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel opened) {
                        opened(opened);
                        if (tls != null) {
                            opened.pipeline()
                                    .addLast(tls.newHandler(opened.alloc(), uri.host(), uri.port()), new Negotiation());
                        } else {
                            addPipeline(opened.pipeline(), http2);
                        }
                    }
                })
                .connect(server)
                .addListener(connected -> failIfFailed(connected));
    }

    private int connectMillis() {
        return (int) Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(Durations.nanos(settings.timeout)));
    }

    private void addPipeline(ChannelPipeline pipeline, boolean http2) {
        if (http2) {
            Http2Opening.addTo(pipeline, this);
        } else {
            guard(() -> pipeline.addLast(new Http1Opening(this)));
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

    ClientHandshake handshake(HttpVersion version) {
        return handshakes.apply(version);
    }

    /** Registers the channel that is closed if the connect fails. */
    void opened(Channel connection) {
        channel = connection;
        client.open().add(connection);
        if (result.isDone()) {
            connection.close();
        }
    }

    /** Registers a connection that runs in a socket, or a stream that runs in a connection. */
    void within(Channel inner) {
        client.open().add(inner);
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
