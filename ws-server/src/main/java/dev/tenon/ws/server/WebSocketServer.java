package dev.tenon.ws.server;

import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HeadLimits;
import dev.tenon.ws.handshake.OriginPolicy;
import dev.tenon.ws.handshake.ServerHandshake;
import dev.tenon.ws.transport.Acceptor;
import dev.tenon.ws.transport.EventLoop;
import dev.tenon.ws.transport.EventLoops;
import dev.tenon.ws.transport.Link;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket server that also answers plain HTTP on the same port.
 *
 * <pre>{@code
 * try (WebSocketServer server = WebSocketServer.builder()
 *         .listen(new InetSocketAddress("127.0.0.1", 8080))
 *         .route("/ws", request -> Acceptance.of(new Chat()))
 *         .start()) {
 *     ...
 * }
 * }</pre>
 *
 * <p>Thread-safe. Endpoints, handlers and listeners are called on the server's event loops and must not block them.
 */
public final class WebSocketServer implements AutoCloseable {
    private final ServerCore core;
    private final EventLoops loops;
    private final List<Acceptor> acceptors = new ArrayList<>();
    private final @Nullable SSLContext tls;
    private final @Nullable Function<InetSocketAddress, WireTap> tap;

    private WebSocketServer(Builder builder) throws IOException {
        core = builder.core();
        tls = builder.tls;
        tap = builder.tap;
        loops = EventLoops.start(builder.loops, "tenon-server", false);
        try {
            for (InetSocketAddress address : builder.addresses) {
                acceptors.add(Acceptor.open(loops, address, this::accepted));
            }
        } catch (IOException | RuntimeException e) {
            acceptors.forEach(Acceptor::close);
            loops.stop(Duration.ZERO);
            throw e;
        }
    }

    /**
     * Begins to describe a server.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    private void accepted(EventLoop loop, SocketChannel channel) throws IOException {
        WireTap observer = tap == null ? null : tap.apply((InetSocketAddress) channel.getRemoteAddress());
        Link.accepted(loop, channel, engine(), observer, link -> new HttpProtocol(core, link));
    }

    private @Nullable SSLEngine engine() {
        if (tls == null) {
            return null;
        }
        SSLEngine engine = tls.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        engine.setSSLParameters(parameters);
        return engine;
    }

    /**
     * Where the server listens.
     *
     * @return the addresses in the order in which they were given, with actual ports
     */
    public List<InetSocketAddress> addresses() {
        return acceptors.stream().map(Acceptor::address).toList();
    }

    /**
     * The port of the first address.
     *
     * @return the actual port
     */
    public int port() {
        return acceptors.get(0).address().getPort();
    }

    /**
     * How many connections there are, those that still speak HTTP included.
     *
     * @return the number at this moment
     */
    public int connections() {
        return loops.links();
    }

    /**
     * Stops: no new connection is accepted, every WebSocket is closed with 1001, and what has not ended by the deadline
     * is aborted. When this returns, no thread and no descriptor of the server is left. Further calls do nothing.
     *
     * @param deadline how long the peers may take
     * @throws IllegalStateException if called on one of the server's own event loops, which would wait for itself
     */
    public void stop(Duration deadline) {
        acceptors.forEach(Acceptor::close);
        loops.stop(deadline);
    }

    /** Stops with a deadline of five seconds, see {@link #stop}. */
    @Override
    public void close() {
        stop(Duration.ofSeconds(5));
    }

    /** Describes a server. Not thread-safe. */
    public static final class Builder {
        private final List<InetSocketAddress> addresses = new ArrayList<>();
        private final Map<String, Endpoint> exact = new LinkedHashMap<>();
        private final List<Routes.Matched> matched = new ArrayList<>();
        private HttpHandler http = HttpHandler.notFound();
        private ConnectionOptions options = ConnectionOptions.DEFAULT;
        private @Nullable Extensions extensions;
        private List<String> subprotocols = List.of();
        private OriginPolicy origins = OriginPolicy.sameOrigin();
        private HeadLimits headLimits = HeadLimits.DEFAULT;
        private int maxHttpBody = 1 << 20;
        private Duration handshakeTimeout = Duration.ofSeconds(10);
        private int loops = Runtime.getRuntime().availableProcessors();
        private @Nullable SSLContext tls;
        private @Nullable Function<InetSocketAddress, WireTap> tap;

        private Builder() {}

        private ServerCore core() {
            Extensions negotiated = extensions == null ? Extensions.load() : extensions;
            return new ServerCore(
                    new ServerHandshake(negotiated, subprotocols, origins),
                    new Routes(exact, matched),
                    http,
                    options,
                    headLimits,
                    maxHttpBody,
                    handshakeTimeout.toNanos());
        }

        /**
         * Adds an address to listen on.
         *
         * @param address host and port; port 0 for any that is free
         * @return this
         */
        public Builder listen(InetSocketAddress address) {
            addresses.add(address);
            return this;
        }

        /**
         * Routes one path to an endpoint.
         *
         * @param path the exact path, without a query
         * @param endpoint what stands behind it
         * @return this
         * @throws IllegalArgumentException if the path has an endpoint already, or does not begin with a slash
         */
        public Builder route(String path, Endpoint endpoint) {
            if (!path.startsWith("/")) {
                throw new IllegalArgumentException("a path begins with a slash: " + path);
            }
            if (exact.putIfAbsent(path, endpoint) != null) {
                throw new IllegalArgumentException("the path " + path + " has an endpoint already");
            }
            return this;
        }

        /**
         * Routes all paths that a predicate accepts, and that have no exact route, to an endpoint.
         *
         * @param path tells from the path, without a query; the first predicate that matches counts
         * @param endpoint what stands behind it
         * @return this
         */
        public Builder route(Predicate<String> path, Endpoint endpoint) {
            matched.add(new Routes.Matched(path, endpoint));
            return this;
        }

        /**
         * Answers what is for no route.
         *
         * @param handler the handler; 404 to everything by default
         * @return this
         */
        public Builder http(HttpHandler handler) {
            http = handler;
            return this;
        }

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
         * Sets the extensions that are negotiated.
         *
         * @param extensions the providers; by default all that {@link Extensions#load()} finds
         * @return this
         */
        public Builder extensions(Extensions extensions) {
            this.extensions = extensions;
            return this;
        }

        /**
         * Sets the subprotocols that are supported.
         *
         * @param names the tokens; none by default
         * @return this
         */
        public Builder subprotocols(String... names) {
            subprotocols = List.of(names);
            return this;
        }

        /**
         * Sets which scripts may connect (RFC 6455 §10.2).
         *
         * @param policy the policy; same-origin by default
         * @return this
         */
        public Builder origins(OriginPolicy policy) {
            origins = policy;
            return this;
        }

        /**
         * Sets how much of a request is read.
         *
         * @param head the limits of its head
         * @param maxBody the longest body of a plain HTTP request, in bytes; 1 MiB by default
         * @return this
         * @throws IllegalArgumentException if the latter is negative
         */
        public Builder requestLimits(HeadLimits head, int maxBody) {
            if (maxBody < 0) {
                throw new IllegalArgumentException("a limit is not negative: " + maxBody);
            }
            headLimits = head;
            maxHttpBody = maxBody;
            return this;
        }

        /**
         * Sets how long a client may take for a request.
         *
         * @param timeout from the connection, or the response before, to the whole request; 10 s by default
         * @return this
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder handshakeTimeout(Duration timeout) {
            if (timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException("a timeout is positive: " + timeout);
            }
            handshakeTimeout = timeout;
            return this;
        }

        /**
         * Sets the number of event loops.
         *
         * @param count 1 or more; one per core by default
         * @return this
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder loops(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("a server needs at least one event loop, not " + count);
            }
            loops = count;
            return this;
        }

        /**
         * Speaks TLS on all addresses: {@code wss} and {@code https}.
         *
         * @param context holds the server's key
         * @return this
         */
        public Builder tls(SSLContext context) {
            tls = context;
            return this;
        }

        /**
         * Lets a tool see every byte of every connection.
         *
         * @param tap makes the tap of a connection, from the peer's address
         * @return this
         */
        public Builder tap(Function<InetSocketAddress, WireTap> tap) {
            this.tap = tap;
            return this;
        }

        /**
         * Starts the server.
         *
         * @return the server, listening
         * @throws IOException if an address cannot be bound; nothing is left behind then
         * @throws IllegalStateException if there is no address
         */
        public WebSocketServer start() throws IOException {
            if (addresses.isEmpty()) {
                throw new IllegalStateException("a server needs an address to listen on");
            }
            return new WebSocketServer(this);
        }
    }
}
