package dev.tenon.ws.server;

import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HeadLimits;
import dev.tenon.ws.handshake.OriginPolicy;
import dev.tenon.ws.handshake.TrustedProxies;
import dev.tenon.ws.transport.Acceptor;
import dev.tenon.ws.transport.EventLoop;
import dev.tenon.ws.transport.EventLoops;
import dev.tenon.ws.transport.SocketSettings;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket server that also answers plain HTTP on the same port.
 *
 * <pre>{@code
 * try (WebSocketServer server = WebSocketServer.builder()
 *         .listen(new InetSocketAddress("127.0.0.1", 8080))
 *         .route("/rooms/{room}", upgrade -> upgrade.accept(new Member(upgrade.pathParameter("room"))))
 *         .get("/health", request -> HttpResponse.text(200, "ok\n"))
 *         .start()) {
 *     ...
 * }
 * }</pre>
 *
 * <p>Thread-safe. Endpoints, handlers and listeners are called on the server's event loops, which they must not block,
 * or on an {@linkplain Builder#executor executor}, where they may.
 */
public final class WebSocketServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.tenon.ws.server");

    private final EventLoops loops;
    private final List<Acceptor> acceptors = new ArrayList<>();

    private WebSocketServer(Builder builder) throws IOException {
        ServerConfig config = builder.configuration();
        Function<SocketAddress, WireTap> taps = builder.tap;
        loops = EventLoops.start(builder.loops, "tenon-server", false);
        try {
            for (Binding binding : builder.bindings()) {
                acceptors.addAll(Acceptor.open(
                        loops,
                        binding.address(),
                        builder.config.sockets,
                        (loop, channel) -> binding.accepted(config, taps, loop, channel)));
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
        return acceptors.stream().map(Acceptor::address).distinct().toList();
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
     * Stops listening, and goes on to serve the connections that there are, for an orchestrator that still sends requests
     * for a while after it has announced the end. {@link #stop} comes next. Further calls do nothing.
     */
    public void stopAccepting() {
        acceptors.forEach(Acceptor::close);
    }

    /**
     * Stops: no new connection is accepted, every WebSocket is closed with 1001, and what has not ended by the deadline
     * is aborted. When this returns, no thread and no descriptor of the server is left, unless a listener, an endpoint or
     * a handler still blocks an event loop at the deadline: that loop ends when the call returns. Further calls do
     * nothing.
     *
     * @param deadline how long this may take, a quarter of a second at least; a little less is left to the clients
     * @throws IllegalStateException if called on one of the server's own event loops, which would wait for itself
     */
    public void stop(Duration deadline) {
        if (loops.all().stream().anyMatch(EventLoop::inLoop)) {
            throw new IllegalStateException("an event loop cannot wait for its own end: stop from another thread");
        }
        acceptors.forEach(Acceptor::close);
        if (new Shutdown(loops, deadline).await()) {
            LOG.log(Level.DEBUG, "stopped listening at {0}, nothing is left", addresses());
        } else {
            LOG.log(
                    Level.WARNING,
                    "a call of the application still blocks an event loop of the server that has stopped");
        }
    }

    /** Stops with a deadline of five seconds, see {@link #stop}. */
    @Override
    public void close() {
        stop(Duration.ofSeconds(5));
    }

    /** Describes a server. Not thread-safe. */
    public static final class Builder {
        private record Address(
                SocketAddress address, @Nullable ServerTls tls) {}

        private final List<Address> addresses = new ArrayList<>();
        private final ServerConfigBuilder config = new ServerConfigBuilder();
        private @Nullable HostPolicy hosts;
        private int loops = Runtime.getRuntime().availableProcessors();
        private @Nullable Function<SocketAddress, WireTap> tap;

        private Builder() {}

        private ServerConfig configuration() {
            return config.build();
        }

        private List<Binding> bindings() {
            return addresses.stream()
                    .map(each -> new Binding(each.address(), each.tls(), hosts))
                    .toList();
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
            return add(address, null);
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
            return add(address, tls);
        }

        private Builder add(SocketAddress address, @Nullable ServerTls tls) {
            if (!(address instanceof InetSocketAddress || address instanceof UnixDomainSocketAddress)) {
                throw new IllegalArgumentException(
                        "a server listens on host and port or a Unix domain socket, not " + address);
            }
            addresses.add(new Address(address, tls));
            return this;
        }

        /**
         * Sets the hosts that requests may name (RFC 9110 §7.2); all others are answered with 421. Without this, listeners
         * on loopback addresses answer for {@code localhost} and {@code *.localhost}, as a protection from DNS rebinding,
         * unless the request comes from a {@linkplain #trustedProxies trusted proxy}; all other listeners answer for any
         * host. Address literals are always answered for.
         *
         * @param hosts names such as {@code example.com}, {@code *.example.com} for all below, {@code *} for any
         * @return this
         * @throws IllegalArgumentException if one is not a name
         */
        public Builder hosts(String... hosts) {
            this.hosts = HostPolicy.of(List.of(hosts));
            return this;
        }

        /**
         * Routes a path to a WebSocket endpoint.
         *
         * @param path literal segments, {@code {name}} for any one segment, and at the end {@code {name...}} for all that
         *     follow, as in {@code /rooms/{room}}. Of two routes that match, the one whose segments are more literal from
         *     the left counts
         * @param endpoint accepts and refuses clients
         * @return this
         * @throws IllegalArgumentException if the path is malformed, or has a route already
         */
        public Builder route(String path, Endpoint endpoint) {
            return route(path, endpoint, route -> {});
        }

        /**
         * Routes a path to a WebSocket endpoint, with options of its own.
         *
         * @param path as above
         * @param endpoint accepts and refuses clients
         * @param options says in what the route differs from the server; called at once
         * @return this
         * @throws IllegalArgumentException if the path is malformed, or has a route already
         */
        public Builder route(String path, Endpoint endpoint, Consumer<RouteOptions> options) {
            config.addUpgrade(path, endpoint, options);
            return this;
        }

        /**
         * Routes GET of a path to a handler, and HEAD too unless it has a route of its own. Other methods of the path are
         * answered with 405, OPTIONS with those that there are.
         *
         * @param path as in {@link #route(String, Endpoint)}
         * @param handler responds to requests
         * @return this
         * @throws IllegalArgumentException if the path is malformed, or has such a route already
         */
        public Builder get(String path, HttpHandler handler) {
            return handle("GET", path, handler, route -> {});
        }

        /**
         * Routes POST of a path to a handler, see {@link #get}.
         *
         * @param path as in {@link #route(String, Endpoint)}
         * @param handler responds to requests
         * @return this
         * @throws IllegalArgumentException if the path is malformed, or has such a route already
         */
        public Builder post(String path, HttpHandler handler) {
            return handle("POST", path, handler, route -> {});
        }

        /**
         * Routes PUT of a path to a handler, see {@link #get}.
         *
         * @param path as in {@link #route(String, Endpoint)}
         * @param handler responds to requests
         * @return this
         * @throws IllegalArgumentException if the path is malformed, or has such a route already
         */
        public Builder put(String path, HttpHandler handler) {
            return handle("PUT", path, handler, route -> {});
        }

        /**
         * Routes DELETE of a path to a handler, see {@link #get}.
         *
         * @param path as in {@link #route(String, Endpoint)}
         * @param handler responds to requests
         * @return this
         * @throws IllegalArgumentException if the path is malformed, or has such a route already
         */
        public Builder delete(String path, HttpHandler handler) {
            return handle("DELETE", path, handler, route -> {});
        }

        /**
         * Routes any method of a path to a handler, with options of its own.
         *
         * @param method the method's token, such as {@code PATCH}
         * @param path as in {@link #route(String, Endpoint)}
         * @param handler responds to requests
         * @param options says in what the route differs from the server; called at once
         * @return this
         * @throws IllegalArgumentException if method or path is malformed, or has such a route already
         */
        public Builder handle(String method, String path, HttpHandler handler, Consumer<RouteOptions> options) {
            config.addHttp(method, path, handler, options);
            return this;
        }

        /**
         * Responds to all requests that no route matches.
         *
         * @param handler the handler; without one there is 404, 426 at the path of a WebSocket route, and no body is read
         * @return this
         */
        public Builder http(HttpHandler handler) {
            config.fallback = handler;
            return this;
        }

        /**
         * Sets the limits and deadlines of connections.
         *
         * @param options the options; {@link ConnectionOptions#DEFAULT} by default
         * @return this
         */
        public Builder options(ConnectionOptions options) {
            config.options = options;
            return this;
        }

        /**
         * Calls endpoints, handlers and listeners on an executor, where they may block: {@code
         * Executors.newVirtualThreadPerTaskExecutor()} from Java 21 on, or a pool. The calls of one connection still come
         * one at a time and in order, and each sees what those before it have done. A slow listener stops the reading of
         * its own connection and of no other: up to 64 KiB wait for it, and pings are answered meanwhile, though it is told
         * of the first 64 only. Listeners that block for ever do not keep {@link WebSocketServer#stop} from ending; their
         * last call comes when they have returned.
         *
         * <p>A listener that is called there gets buffers and texts of its own. If the executor rejects a call of a
         * listener, the connection ends with 1011, and the last calls, {@code onError} with the reason and {@code onClose},
         * come on the event loop; a request that it rejects gets 503.
         *
         * @param executor runs what it takes; not stopped by the server. Without one, all is called on the event loops
         * @return this
         * @see RouteOptions#executor
         * @see UpgradeResponse#withExecutor
         */
        public Builder executor(Executor executor) {
            config.executor = executor;
            return this;
        }

        /**
         * Sets the extensions that are negotiated.
         *
         * @param extensions the providers; by default all that {@link Extensions#load()} finds
         * @return this
         */
        public Builder extensions(Extensions extensions) {
            config.extensions = extensions;
            return this;
        }

        /**
         * Sets the subprotocols of all routes that set none themselves. The first of them that the client offers too is
         * agreed on.
         *
         * @param names the tokens, in the server's order of preference; none by default
         * @return this
         */
        public Builder subprotocols(String... names) {
            config.subprotocols = List.of(names);
            return this;
        }

        /**
         * Sets which scripts may connect (RFC 6455 §10.2).
         *
         * @param policy the policy; same-origin by default
         * @return this
         */
        public Builder origins(OriginPolicy policy) {
            config.origins = policy;
            return this;
        }

        /**
         * Sets how much of a request is read.
         *
         * @param head the limits of its head
         * @param maxBody the longest body of a request that a handler takes, in bytes; 1 MiB by default. GET and DELETE
         *     routes take none unless {@link RouteOptions#maxBody} says so
         * @return this
         * @throws IllegalArgumentException if the latter is negative
         */
        public Builder requestLimits(HeadLimits head, int maxBody) {
            if (maxBody < 0) {
                throw new IllegalArgumentException("a limit is not negative: " + maxBody);
            }
            config.headLimits = head;
            config.maxBody = maxBody;
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
            config.handshakeTimeout = Durations.positive(timeout);
            return this;
        }

        /**
         * Sets how long an endpoint or a handler may take to decide. Beyond that the client gets 503, and the exchange is
         * {@linkplain Exchange#whenCancelled cancelled}.
         *
         * @param timeout positive, for ever if it is longer than 146 years; 60 s by default
         * @return this
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder responseTimeout(Duration timeout) {
            config.responseTimeout = Durations.positive(timeout);
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
            config.maxConnections = positive(most);
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
            config.maxPerAddress = positive(most);
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
            config.proxies = proxies;
            return this;
        }

        /**
         * Expects the header of the PROXY protocol, version 1 or 2, in front of every connection from a load balancer that
         * forwards bytes, such as HAProxy with {@code send-proxy-v2} or an AWS network load balancer. The client that it
         * names is the {@linkplain UpgradeExchange#client() client} of what follows. A connection from such an address
         * without the header is closed; from anywhere else the header is not read.
         *
         * @param balancers IP addresses and blocks, such as {@code 192.0.2.7}, {@code 10.0.0.0/8} or {@code fd00::/8}
         * @return this
         * @throws IllegalArgumentException if one is malformed
         */
        public Builder proxyProtocolFrom(String... balancers) {
            config.proxyProtocol = TrustedProxies.forwarded(balancers);
            return this;
        }

        /**
         * Sets how many connections the system may hold before they are accepted.
         *
         * @param connections 4,096 by default; the system may have a lower limit of its own
         * @return this
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder backlog(int connections) {
            SocketSettings before = config.sockets;
            config.sockets = new SocketSettings(connections, before.reusePort(), before.options());
            return this;
        }

        /**
         * Gives each event loop a listening socket of its own, among which the system spreads new connections
         * ({@code SO_REUSEPORT}), where the system can do that. Without it, one loop accepts for all and gives each
         * connection to the loop with the fewest.
         *
         * @return this
         */
        public Builder reusePort() {
            SocketSettings before = config.sockets;
            config.sockets = new SocketSettings(before.backlog(), true, before.options());
            return this;
        }

        /**
         * Sets a socket option of the connections that are accepted, such as
         * {@link java.net.StandardSocketOptions#SO_KEEPALIVE}. {@code TCP_NODELAY} is on by default.
         *
         * @param <T> the type of the value
         * @param option the option; a connection that does not support it is closed
         * @param value its value
         * @return this
         */
        public <T> Builder socketOption(SocketOption<T> option, T value) {
            SocketSettings before = config.sockets;
            Map<SocketOption<?>, Object> options = new HashMap<>(before.options());
            options.put(option, value);
            config.sockets = new SocketSettings(before.backlog(), before.reusePort(), options);
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
            if (addresses.isEmpty()) {
                throw new IllegalStateException("a server needs an address to listen on");
            }
            return new WebSocketServer(this);
        }
    }
}
