package dev.tenon.ws.client;

import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.ClientHandshake;
import dev.tenon.ws.transport.EventLoops;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket client: any number of connections on one event loop of its own.
 *
 * <pre>{@code
 * try (WebSocketClient client = WebSocketClient.create()) {
 *     WebSocket ws = client.connect("ws://127.0.0.1:8080/ws", new Chat()).join();
 *     ws.sendText("hello");
 *     ...
 * }
 * }</pre>
 *
 * <p>Thread-safe. Listeners are called on the client's event loop, a daemon thread, and must not block it.
 */
public final class WebSocketClient implements AutoCloseable {
    private final ClientCore core;
    private final Extensions extensions;
    private final EventLoops loops;

    private WebSocketClient(Builder builder) throws IOException {
        core = new ClientCore(builder.options, builder.tls, builder.connectTimeout.toNanos());
        extensions = builder.extensions == null ? Extensions.load() : builder.extensions;
        loops = EventLoops.start(1, "tenon-client", true);
    }

    /**
     * A client with the defaults.
     *
     * @return a client, to be closed when it is done with
     * @throws IOException if the system has no selector left
     */
    public static WebSocketClient create() throws IOException {
        return builder().build();
    }

    /**
     * Begins to describe a client.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Connects.
     *
     * @param uri a {@code ws:} or {@code wss:} URI
     * @param listener is told what happens on the connection
     * @return as {@link #connect(ConnectRequest, WebSocketListener)} says
     * @throws IllegalArgumentException if the URI is not one
     */
    public CompletableFuture<WebSocket> connect(String uri, WebSocketListener listener) {
        return connect(ConnectRequest.to(uri), listener);
    }

    /**
     * Connects. The listener's {@code onOpen} is called before the future completes. If connecting fails, the listener is
     * never called.
     *
     * @param request where to, and what to ask for
     * @param listener is told what happens on the connection
     * @return completes with the open connection; or with a {@link dev.tenon.ws.handshake.HandshakeException} if the
     *     server has refused or its answer broke a rule, with an {@link IOException} for all else. Cancelling it gives the
     *     attempt up. What depends on it runs on the event loop, unless it brings its own executor
     */
    public CompletableFuture<WebSocket> connect(ConnectRequest request, WebSocketListener listener) {
        ClientHandshake handshake = ClientHandshake.to(request.uri())
                .extensions(extensions)
                .subprotocols(request.subprotocols())
                .headers(request.headers())
                .start();
        CompletableFuture<WebSocket> result = new CompletableFuture<>();
        Thread resolver = new Thread(() -> resolve(request, handshake, listener, result), "tenon-resolver");
        resolver.setDaemon(true);
        resolver.start();
        return result;
    }

    /** Looks the host up, which may block, and starts connecting. */
    private void resolve(
            ConnectRequest request,
            ClientHandshake handshake,
            WebSocketListener listener,
            CompletableFuture<WebSocket> result) {
        try {
            InetAddress[] addresses = InetAddress.getAllByName(request.uri().host());
            new Connecting(core, loops.next(), request, handshake, listener, addresses, result).start();
        } catch (UnknownHostException e) {
            result.completeExceptionally(e);
        } catch (RuntimeException e) { // the client was closed meanwhile
            result.completeExceptionally(new IOException("the client was closed", e));
        }
    }

    /**
     * Closes: every connection with 1001, those that do not end by the deadline at once.
     *
     * @param deadline how long the peers may take
     * @throws IllegalStateException if called on the client's own event loop, which would wait for itself
     */
    public void close(Duration deadline) {
        loops.stop(deadline);
    }

    /** Closes with a deadline of five seconds, see {@link #close(Duration)}. */
    @Override
    public void close() {
        close(Duration.ofSeconds(5));
    }

    /** Describes a client. Not thread-safe. */
    public static final class Builder {
        private ConnectionOptions options = ConnectionOptions.DEFAULT;
        private @Nullable Extensions extensions;
        private @Nullable SSLContext tls;
        private Duration connectTimeout = Duration.ofSeconds(10);

        private Builder() {}

        /**
         * Sets the limits and deadlines of connections.
         *
         * @param options the options; {@link ConnectionOptions#DEFAULT} by default
         * @return this
         */
        public Builder options(ConnectionOptions options) {
            this.options = options;
            return this;
        }

        /**
         * Sets the extensions that are offered.
         *
         * @param extensions the providers; by default all that {@link Extensions#load()} finds
         * @return this
         */
        public Builder extensions(Extensions extensions) {
            this.extensions = extensions;
            return this;
        }

        /**
         * Sets trust and keys for {@code wss:}.
         *
         * @param context the context; the platform's default by default
         * @return this
         */
        public Builder tls(SSLContext context) {
            tls = context;
            return this;
        }

        /**
         * Sets how long connecting and the opening handshake may take together, per address.
         *
         * @param timeout 10 s by default
         * @return this
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder connectTimeout(Duration timeout) {
            if (timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException("a timeout is positive: " + timeout);
            }
            connectTimeout = timeout;
            return this;
        }

        /**
         * Makes the client.
         *
         * @return a client, to be closed when it is done with
         * @throws IOException if the system has no selector left
         */
        public WebSocketClient build() throws IOException {
            return new WebSocketClient(this);
        }
    }
}
