package dev.tenon.ws.server;

import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.handshake.HeadLimits;
import dev.tenon.ws.handshake.HttpOptions;
import dev.tenon.ws.handshake.OriginPolicy;
import dev.tenon.ws.handshake.TrustedProxies;
import dev.tenon.ws.transport.SocketSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Describes a {@link WebSocketServer}: where it listens, its routes, and its limits. Not thread-safe. */
public final class WebSocketServerBuilder extends RouteBuilder<WebSocketServerBuilder> {
    private final List<Binding> bindings = new ArrayList<>();
    private @Nullable HostPolicy hosts;
    private HeadLimits headLimits = HeadLimits.DEFAULT;
    private Duration handshakeTimeout = Duration.ofSeconds(10);
    private int maxConnections = ConnectionLimiter.UNLIMITED;
    private int maxPerAddress = ConnectionLimiter.UNLIMITED;
    private TrustedProxies proxies = TrustedProxies.none();
    private TrustedProxies proxyProtocol = TrustedProxies.none();
    SocketSettings sockets = SocketSettings.DEFAULT;
    int loops = Runtime.getRuntime().availableProcessors();

    @Nullable
    ThreadFactory threads;

    @Nullable
    Function<SocketAddress, WireTap> tap;

    WebSocketServerBuilder() {}

    @Override
    WebSocketServerBuilder self() {
        return this;
    }

    /** What all connections share. */
    ServerConfig configuration(Executor fileThreads, AtomicBoolean ready) {
        return new ServerConfig(
                router(ready::get),
                HttpOptions.DEFAULT
                        .withHeadLimits(headLimits)
                        .withRequestTimeout(handshakeTimeout)
                        .withSendTimeout(handshakeTimeout),
                proxies,
                proxyProtocol,
                new ConnectionLimiter(maxConnections, maxPerAddress),
                new SharedUpgrade(),
                fileThreads);
    }

    List<Binding> bindings() {
        return bindings.stream()
                .map(each -> new Binding(each.address(), each.tls(), hosts))
                .toList();
    }

    /**
     * Adds a port to listen on in the clear, at all addresses of this machine: {@code ws} and {@code http}.
     *
     * @param port the port; 0 for any that is free
     * @return this
     * @throws IllegalArgumentException if it is not from 0 to 65535
     */
    public WebSocketServerBuilder listen(int port) {
        return listen(new InetSocketAddress(port));
    }

    /**
     * Adds a port to listen on with TLS, at all addresses of this machine: {@code wss} and {@code https}.
     *
     * @param port the port; 0 for any that is free
     * @param tls keys and client certificates
     * @return this
     * @throws IllegalArgumentException if it is not from 0 to 65535
     */
    public WebSocketServerBuilder listen(int port, ServerTls tls) {
        return listen(new InetSocketAddress(port), tls);
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
    public WebSocketServerBuilder listen(SocketAddress address) {
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
    public WebSocketServerBuilder listen(SocketAddress address, ServerTls tls) {
        return add(address, tls);
    }

    private WebSocketServerBuilder add(SocketAddress address, @Nullable ServerTls tls) {
        bindings.add(new Binding(address, tls, null));
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
    public WebSocketServerBuilder hosts(String... hosts) {
        this.hosts = HostPolicy.of(List.of(hosts));
        return this;
    }

    /**
     * Sets the limits of a request's head.
     *
     * @param limits the limits; {@link HeadLimits#DEFAULT} by default
     * @return this
     */
    public WebSocketServerBuilder headLimits(HeadLimits limits) {
        headLimits = limits;
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
    public WebSocketServerBuilder handshakeTimeout(Duration timeout) {
        handshakeTimeout = Durations.positive(timeout);
        return this;
    }

    /**
     * Sets the number of event loops.
     *
     * @param count 1 or more; one per core by default
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public WebSocketServerBuilder loops(int count) {
        loops = positive(count);
        return this;
    }

    /**
     * Has the threads of the event loops made by a factory, which chooses their names, priorities and whether the process
     * may end while they run. By default they are called {@code tenon-server-1} and so on, are no daemons, and inherit
     * nothing from the thread that starts the server.
     *
     * @param factory is asked for one thread for each event loop, when the server starts
     * @return this
     */
    public WebSocketServerBuilder threads(ThreadFactory factory) {
        threads = Objects.requireNonNull(factory);
        return this;
    }

    /**
     * Sets how many connections there may be, those that still speak HTTP included. One more is answered with 503.
     *
     * @param most 1 or more; not limited by default
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public WebSocketServerBuilder maxConnections(int most) {
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
    public WebSocketServerBuilder maxConnectionsPerAddress(int most) {
        maxPerAddress = positive(most);
        return this;
    }

    private static int positive(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("a server needs at least one, not " + most);
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
    public WebSocketServerBuilder trustedProxies(TrustedProxies proxies) {
        this.proxies = proxies;
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
    public WebSocketServerBuilder proxyProtocolFrom(String... balancers) {
        proxyProtocol = TrustedProxies.forwarded(balancers);
        return this;
    }

    /**
     * Sets how many connections the system may hold before they are accepted.
     *
     * @param connections 4,096 by default; the system may have a lower limit of its own
     * @return this
     * @throws IllegalArgumentException if it is less than 1
     */
    public WebSocketServerBuilder backlog(int connections) {
        sockets = new SocketSettings(connections, sockets.reusePort(), sockets.options());
        return this;
    }

    /**
     * Gives each event loop a listening socket of its own, among which the system spreads new connections
     * ({@code SO_REUSEPORT}), where the system can do that. Without it, one loop accepts for all and gives each
     * connection to the loop with the fewest.
     *
     * @return this
     */
    public WebSocketServerBuilder reusePort() {
        sockets = new SocketSettings(sockets.backlog(), true, sockets.options());
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
    public <T> WebSocketServerBuilder socketOption(SocketOption<T> option, T value) {
        Map<SocketOption<?>, Object> options = new HashMap<>(sockets.options());
        options.put(option, value);
        sockets = new SocketSettings(sockets.backlog(), sockets.reusePort(), options);
        return this;
    }

    /**
     * Lets a tool see every byte of every connection.
     *
     * @param tap makes the tap of a connection, from the peer's address
     * @return this
     */
    public WebSocketServerBuilder tap(Function<SocketAddress, WireTap> tap) {
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
        if (bindings.isEmpty()) {
            throw new IllegalStateException("a server needs an address to listen on");
        }
        return new WebSocketServer(this);
    }

    /**
     * Starts the server in memory, for tests: with all routes and options, but without its addresses and loops.
     *
     * @return the server, to be connected to by {@link MemoryServer#connect}
     */
    public MemoryServer startInMemory() {
        AtomicBoolean ready = new AtomicBoolean(true);
        return new MemoryServer(configuration(Runnable::run, ready), Binding.inMemory(hosts), ready);
    }
}
