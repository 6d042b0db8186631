package dev.tenon.ws.netty;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.ClientHandshake;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.handshake.WebSocketUri;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/**
 * A client whose WebSockets are carried by Netty: over HTTP/2 where the server announces that (RFC 8441), over HTTP/1.1
 * elsewhere, over HTTP/3 if it is {@linkplain NettyClientBuilder#version asked for} (RFC 9220). Each WebSocket has a
 * connection of its own, of TCP or QUIC. It follows no redirects, and knows no proxies.
 *
 * <pre>{@code
 * try (NettyClient client = NettyClient.builder().build()) {
 *     WebSocket webSocket = client.connect("wss://example.org/chat", listener).join();
 *     ...
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class NettyClient implements AutoCloseable {
    private final NettyClientBuilder settings;
    private final Extensions extensions;
    private final EventLoopGroup loops;
    private final OpenChannels open = new OpenChannels();

    NettyClient(NettyClientBuilder settings) {
        this.settings = settings;
        this.extensions = settings.extensions == null ? Extensions.load() : settings.extensions;
        this.loops = new MultiThreadIoEventLoopGroup(
                settings.loops, new DefaultThreadFactory("tenon-netty-client"), NioIoHandler.newFactory());
    }

    /**
     * Begins a description.
     *
     * @return a builder
     */
    public static NettyClientBuilder builder() {
        return new NettyClientBuilder();
    }

    /**
     * Connects.
     *
     * @param uri {@code ws://…} or {@code wss://…}
     * @param listener receives the events of the connection
     * @return completes when {@code onOpen} has been called; fails with an {@link java.io.IOException}, or with a
     *     {@link dev.tenon.ws.handshake.HandshakeException} if the server refuses. Cancelling it ends the attempt
     * @throws IllegalArgumentException if the URI is none of a WebSocket
     */
    public CompletableFuture<WebSocket> connect(String uri, WebSocketListener listener) {
        return connect(WebSocketUri.parse(uri), handshake -> handshake, listener);
    }

    /**
     * Connects, with a handshake of the caller's choice.
     *
     * @param uri where to
     * @param handshake adds subprotocols and headers; called on an event loop, once for each attempt
     * @param listener receives the events of the connection
     * @return as above
     */
    public CompletableFuture<WebSocket> connect(
            WebSocketUri uri, UnaryOperator<ClientHandshake.Builder> handshake, WebSocketListener listener) {
        ClientCall call = new ClientCall(
                uri,
                version -> handshake
                        .apply(ClientHandshake.to(uri).extensions(extensions))
                        .version(version)
                        .start(),
                listener,
                settings,
                open,
                loops.next());
        call.start(firstVersion(uri));
        return call.result();
    }

    private HttpVersion firstVersion(WebSocketUri uri) {
        HttpVersion told = settings.version;
        return told != null ? told : uri.secure() ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1;
    }

    /**
     * Closes all WebSockets with 1001, waits for their end, aborts what is left at a deadline, and ends the event loops.
     *
     * @param deadline how long this may take
     * @throws IllegalStateException if called on one of the client's own event loops, which would wait for itself
     */
    public void close(Duration deadline) {
        open.end(loops, deadline, () -> {});
    }

    /** Aborts all WebSockets, and ends the event loops; see {@link #close(Duration)}. */
    @Override
    public void close() {
        close(Duration.ZERO);
    }
}
