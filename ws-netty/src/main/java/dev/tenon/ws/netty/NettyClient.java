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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/**
 * A client whose WebSockets run on Netty: over HTTP/2 if the server announces the extended CONNECT method (RFC 8441),
 * otherwise over HTTP/1.1, and over HTTP/3 if the caller {@linkplain NettyClientBuilder#version selects} it (RFC 9220).
 * Each WebSocket has its own connection of TCP or QUIC. The client does not follow redirects and does not support
 * proxies.
 *
 * <pre>{@code
 * try (NettyClient client = NettyClient.builder().build()) {
 *     WebSocket webSocket = client.connect("wss://example.org/chat", listener).join();
 *     ...
 * }
 * }</pre>
 *
 * <p>Names are looked up, and certificates are read, on helper threads. Thread-safe.
 */
public final class NettyClient implements AutoCloseable {
    private final NettyClientBuilder settings;
    private final Extensions extensions;
    private final EventLoopGroup loops;
    private final HelperThreads threads = new HelperThreads();
    private final ClientCall.Client context;

    NettyClient(NettyClientBuilder settings) {
        this.settings = settings;
        this.extensions = settings.extensions == null ? Extensions.load() : settings.extensions;
        this.loops = new MultiThreadIoEventLoopGroup(
                settings.loops, new DefaultThreadFactory("tenon-netty-client"), NioIoHandler.newFactory());
        this.context = new ClientCall.Client(
                settings,
                new OpenChannels(),
                new OpenCalls(),
                new HostLookup(settings.resolver, threads),
                new ClientTls(settings.trusted, threads));
    }

    /**
     * Creates a builder with default settings.
     *
     * @return a builder
     */
    public static NettyClientBuilder builder() {
        return new NettyClientBuilder();
    }

    /**
     * Connects to a server.
     *
     * @param uri {@code ws://…} or {@code wss://…}
     * @param listener receives the events of the connection
     * @return completes when {@code onOpen} has been called; fails with an {@link java.io.IOException}, also
     *     after {@link #close()}, or with a {@link dev.tenon.ws.handshake.HandshakeException} if the server refuses. Cancelling it ends the attempt
     * @throws IllegalArgumentException if the URI is not a WebSocket URI
     */
    public CompletableFuture<WebSocket> connect(String uri, WebSocketListener listener) {
        return connect(WebSocketUri.parse(uri), handshake -> handshake, listener);
    }

    /**
     * Connects to a server with a handshake that the caller can change.
     *
     * @param uri the URI of the server
     * @param handshake adds subprotocols and headers; called on an event loop, once for each attempt. What it throws
     *     fails the future
     * @param listener receives the events of the connection
     * @return completes as in {@link #connect(String, WebSocketListener)}
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
                context,
                loops.next());
        call.start(firstVersion(uri));
        return call.result();
    }

    private HttpVersion firstVersion(WebSocketUri uri) {
        HttpVersion configured = settings.version;
        return configured != null ? configured : uri.secure() ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1;
    }

    /**
     * Closes all WebSockets with 1001, waits for their end, aborts the remaining ones at a deadline, and ends the event
     * loops. Connects that are in progress fail at once. An event loop that a listener blocks ends when that call returns.
     *
     * @param deadline how long this may take, at least a quarter of a second
     * @throws IllegalStateException if called on one of the client's own event loops, which would wait for itself; the
     *     client then stays open
     */
    public void close(Duration deadline) {
        OpenChannels.requireAnother(loops);
        threads.close();
        context.calls().close();
        context.open().end(loops, deadline, List.of());
    }

    /** Closes with a deadline of five seconds, see {@link #close(Duration)}. */
    @Override
    public void close() {
        close(Duration.ofSeconds(5));
    }
}
