package dev.tenon.ws.server;

import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HeadLimits;
import dev.tenon.ws.handshake.OriginPolicy;
import dev.tenon.ws.handshake.ServerHandshake;
import dev.tenon.ws.handshake.TrustedProxies;
import dev.tenon.ws.transport.Acceptor;
import dev.tenon.ws.transport.EventLoops;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
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
 * <p>Thread-safe. Endpoints, handlers and listeners are called on the server's event loops and must not block them;
 * listeners may be called {@linkplain Builder#listenerExecutor elsewhere}.
 */
public final class WebSocketServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.tenon.ws.server");

    private final EventLoops loops;
    private final List<Acceptor> acceptors = new ArrayList<>();

    private WebSocketServer(Builder builder) throws IOException {
        ServerCore core = builder.core();
        Function<SocketAddress, WireTap> taps = builder.tap;
        loops = EventLoops.start(builder.loops, "tenon-server", false);
        try {
            for (Listener listener : builder.listeners) {
                acceptors.add(Acceptor.open(
                        loops, listener.address(), (loop, channel) -> listener.accepted(core, taps, loop, channel)));
            }
        } catch (IOException | RuntimeException e) {
            acceptors.forEach(Acceptor::close);
            loops.stop(Duration.ZERO);
            throw e;
        }
        LOG.log(Level.DEBUG, "listening at {0}", addresses());
    }

    /**
     * Begins to describe a server.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Where the server listens.
     *
     * @return the addresses in the order in which they were given, with actual ports
     */
    public List<SocketAddress> addresses() {
        return acceptors.stream().map(Acceptor::address).toList();
    }

    /**
     * The port of the first internet address.
     *
     * @return the actual port
     * @throws IllegalStateException if the server listens on Unix domain sockets only
     */
    public int port() {
        return addresses().stream()
                .filter(InetSocketAddress.class::isInstance)
                .map(address -> ((InetSocketAddress) address).getPort())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the server listens on no port, but on " + addresses()));
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
     * What the server has counted so far. Costs one look at each event loop, whatever the number of connections.
     *
     * @return the counters of a moment ago; after {@link #stop} those of the end
     */
    public ServerCounters counters() {
        long[] sum = new long[ServerCounters.COUNT];
        loops.all().forEach(loop -> loop.counters().addTo(sum));
        return ServerCounters.of(sum);
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
        LOG.log(Level.DEBUG, "stopped listening at {0}, nothing is left", addresses());
    }

    /** Stops with a deadline of five seconds, see {@link #stop}. */
    @Override
    public void close() {
        stop(Duration.ofSeconds(5));
    }

    /** Describes a server. Not thread-safe. */
    public static final class Builder {
        private final List<Listener> listeners = new ArrayList<>();
        private final Routes.Builder routes = new Routes.Builder();
        private HttpHandler http = HttpHandler.notFound();
        private ConnectionOptions options = ConnectionOptions.DEFAULT;
        private @Nullable Executor executor;
        private @Nullable Extensions extensions;
        private List<String> subprotocols = List.of();
        private OriginPolicy origins = OriginPolicy.sameOrigin();
        private HeadLimits headLimits = HeadLimits.DEFAULT;
        private int maxHttpBody = 1 << 20;
        private Duration handshakeTimeout = Duration.ofSeconds(10);
        private int loops = Runtime.getRuntime().availableProcessors();
        private int maxConnections = Admission.UNLIMITED;
        private int maxPerAddress = Admission.UNLIMITED;
        private TrustedProxies proxies = TrustedProxies.none();
        private @Nullable Function<SocketAddress, WireTap> tap;

        private Builder() {}

        private ServerCore core() {
            Extensions negotiated = (extensions == null ? Extensions.load() : extensions)
                    .withDeclineListener(
                            (offer, reason) -> LOG.log(Level.DEBUG, "declined the extension {0}: {1}", offer, reason));
            return new ServerCore(
                    new ServerHandshake(negotiated, subprotocols, origins),
                    routes.build(),
                    http,
                    options,
                    executor,
                    headLimits,
                    maxHttpBody,
                    handshakeTimeout.toNanos(),
                    proxies,
                    new Admission(maxConnections, maxPerAddress),
                    new SharedUpgrade());
        }

        /**
         * Adds an address to listen on in the clear: {@code ws} and {@code http}.
         *
         * @param address host and port, port 0 for any that is free; or a {@link UnixDomainSocketAddress}. Its file must
         *     not be there, unless it was left behind by a server that has crashed; it is gone when the server stops. Who
         *     may connect is a matter of the folder's permissions
         * @return this
         * @throws IllegalArgumentException if it is an address of another kind
         */
        public Builder listen(SocketAddress address) {
            return listen(new Listener(address, null));
        }

        /**
         * Adds an address to listen on with TLS: {@code wss} and {@code https}.
         *
         * @param address as in {@link #listen(SocketAddress)}
         * @param tls keys and client certificates
         * @return this
         * @throws IllegalArgumentException if it is an address of another kind
         */
        public Builder listen(SocketAddress address, ServerTls tls) {
            return listen(new Listener(address, tls));
        }

        private Builder listen(Listener listener) {
            listeners.add(listener);
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
            routes.exact(path, endpoint);
            return this;
        }

        /**
         * Routes all paths that begin alike, and that have no exact route, to an endpoint. The longest prefix counts.
         *
         * @param prefix what the paths begin with, such as {@code /chat/}
         * @param endpoint what stands behind them
         * @return this
         * @throws IllegalArgumentException if the prefix has an endpoint already, or does not begin with a slash
         */
        public Builder routePrefix(String prefix, Endpoint endpoint) {
            routes.prefix(prefix, endpoint);
            return this;
        }

        /**
         * Routes all paths that a predicate accepts, and that have no other route, to an endpoint.
         *
         * @param path tells from the path, without a query; the first predicate that matches counts
         * @param endpoint what stands behind it
         * @return this
         */
        public Builder route(Predicate<String> path, Endpoint endpoint) {
            routes.matching(path, endpoint);
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
         * Has listeners called on an executor, where they may block: {@code Executors.newVirtualThreadPerTaskExecutor()}
         * from Java 21 on, or a pool. The calls of one connection still come one at a time and in order, and each sees what
         * those before it have done. A slow listener stops the reading of its own connection and of no other: up to
         * 64 KiB wait for it, and pings are answered meanwhile, though it is told of the first 64 only. Listeners that block
         * for ever do not keep {@link WebSocketServer#stop} from ending; their last call comes when they have returned.
         *
         * <p>What is called there is given buffers and texts of its own. If the executor rejects a call, the connection ends
         * with 1011, and the last calls, {@code onError} with the reason and {@code onClose}, come on the event loop.
         *
         * @param executor runs what it takes; not stopped by the server. Event loops call listeners by default
         * @return this
         * @see Acceptance#calledOn
         */
        public Builder listenerExecutor(Executor executor) {
            this.executor = executor;
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
         * @param timeout from the connection, or the response before, to the whole request, and for as long as
         *     nothing of a response can leave; 10 s by default
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
         * Sets how many connections there may be, those that still speak HTTP included. One more is answered with 503.
         *
         * @param most 1 or more; not limited by default
         * @return this
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder maxConnections(int most) {
            maxConnections = positive(most);
            return this;
        }

        /**
         * Sets how many connections there may be from one address, or from one /64 of IPv6. One more is answered with 503.
         * Loopback addresses and Unix domain sockets are not limited. Of the connections from a trusted proxy, WebSockets
         * count for the address of the client.
         *
         * @param most 1 or more; not limited by default
         * @return this
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder maxConnectionsPerAddress(int most) {
            maxPerAddress = positive(most);
            return this;
        }

        private static int positive(int most) {
            if (most < 1) {
                throw new IllegalArgumentException("a server without a connection is none: " + most);
            }
            return most;
        }

        /**
         * Believes reverse proxies when they say who the client is and whether it speaks TLS. They must pass {@code Host}
         * on, for {@link OriginPolicy#sameOrigin()} to compare with.
         *
         * @param proxies the proxies, and the header that they write; {@link TrustedProxies#none()} by default
         * @return this
         */
        public Builder trustedProxies(TrustedProxies proxies) {
            this.proxies = proxies;
            return this;
        }

        /**
         * Lets a tool see every byte of every connection.
         *
         * @param tap makes the tap of a connection, from the peer's address
         * @return this
         */
        public Builder tap(Function<SocketAddress, WireTap> tap) {
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
            if (listeners.isEmpty()) {
                throw new IllegalStateException("a server needs an address to listen on");
            }
            return new WebSocketServer(this);
        }
    }
}
