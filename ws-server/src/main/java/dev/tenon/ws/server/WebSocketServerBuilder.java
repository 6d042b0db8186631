package dev.tenon.ws.server;

import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.handshake.HeadLimits;
import dev.tenon.ws.handshake.HttpOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Builds a {@link WebSocketServer}: where it listens, its routes, and its limits. Not thread-safe. */
public final class WebSocketServerBuilder extends RouteBuilder<WebSocketServerBuilder> {
    private final List<Binding> bindings = new ArrayList<>();
    private HeadLimits headLimits = HeadLimits.DEFAULT;
    private Duration handshakeTimeout = Duration.ofSeconds(10);
    private int maxConnections = ConnectionLimiter.UNLIMITED;
    private int maxPerAddress = ConnectionLimiter.UNLIMITED;
    int loops = Runtime.getRuntime().availableProcessors();

    @Nullable
    ThreadFactory threads;

    @Nullable
    SelectorProvider provider;

    @Nullable
    Function<SocketAddress, WireTap> tap;

    WebSocketServerBuilder() {}

    @Override
    WebSocketServerBuilder self() {
        return this;
    }

    /** The settings and services that all connections of a server share. */
    ServerConfig configuration(Executor fileThreads, ServerState state) {
        return new ServerConfig(
                router(state),
                HttpOptions.DEFAULT
                        .withHeadLimits(headLimits)
                        .withRequestTimeout(handshakeTimeout)
                        .withSendTimeout(handshakeTimeout),
                proxies(),
                new ConnectionLimiter(maxConnections, maxPerAddress),
                new SharedUpgrade(),
                fileThreads);
    }

    List<Binding> bindings() {
        return bindings.stream().map(binding -> binding.withHosts(hostPolicy())).toList();
    }

    /**
     * Adds a port to listen on in the clear, at all addresses of this machine: {@code ws} and {@code http}.
     *
     * @param port the port; 0 for any that is free
     * @return this
     * @throws IllegalArgumentException if it is not from 0 to 65535, or the server listens there already
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
     * @throws IllegalArgumentException if it is not from 0 to 65535, or the server listens there already
     */
    public WebSocketServerBuilder listen(int port, ServerTls tls) {
        return listen(new InetSocketAddress(port), tls);
    }

    /**
     * Adds an address to listen on in the clear: {@code ws} and {@code http}.
     *
     * @param address host and port, port 0 for any that is free; or a {@link UnixDomainSocketAddress}. The file of the
     *     latter must not exist, unless a server that has crashed left it behind; the server deletes it when it stops.
     *     The permissions of its folder decide who may connect
     * @return this
     * @throws IllegalArgumentException if it is an address of another kind, if its host is not known, or if the server
     *     listens there already
     */
    public WebSocketServerBuilder listen(SocketAddress address) {
        return listen(address, listener -> {});
    }

    /**
     * Adds an address to listen on with TLS: {@code wss} and {@code https}.
     *
     * @param address as in {@link #listen(SocketAddress)}
     * @param tls keys and client certificates
     * @return this
     * @throws IllegalArgumentException as {@link #listen(SocketAddress)} does
     */
    public WebSocketServerBuilder listen(SocketAddress address, ServerTls tls) {
        return listen(address, listener -> listener.tls(tls));
    }

    /**
     * Adds an address to listen on, with settings of its own.
     *
     * @param address as in {@link #listen(SocketAddress)}
     * @param options sets TLS, the PROXY protocol, and options of the sockets; called at once
     * @return this
     * @throws IllegalArgumentException as {@link #listen(SocketAddress)} does
     */
    public WebSocketServerBuilder listen(SocketAddress address, Consumer<ListenerOptions> options) {
        ListenerOptions own = new ListenerOptions(Binding.checkAddress(address));
        options.accept(own);
        Binding binding = own.binding();
        if (!binding.isOnAnyPort()
                && bindings.stream().anyMatch(other -> other.address().equals(address))) {
            throw new IllegalArgumentException("the server listens at " + address + " already");
        }
        bindings.add(binding);
        return this;
    }

    /**
     * Sets the limits of a request's head.
     *
     * @param limits the limits; {@link HeadLimits#DEFAULT} by default
     * @return this
     */
    public WebSocketServerBuilder headLimits(HeadLimits limits) {
        headLimits = Objects.requireNonNull(limits, "the limits are null");
        return this;
    }

    /**
     * Sets how long a client may take to send a request, from the beginning of its connection or from the response
     * before, and how long it may take nothing of a response.
     *
     * @param timeout positive; 10 s by default
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public WebSocketServerBuilder handshakeTimeout(Duration timeout) {
        handshakeTimeout = Durations.positive(timeout, "the handshake timeout");
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
        loops = positive(count, "event loops");
        return this;
    }

    /**
     * Sets a factory for the threads of the event loops, which decides on their names and priorities, and on whether the
     * process may end while they run. By default they are named {@code tenon-server-1} and so on, are not daemons, and
     * inherit nothing from the thread that starts the server.
     *
     * @param factory creates one thread for each event loop when the server starts
     * @return this
     */
    public WebSocketServerBuilder threads(ThreadFactory factory) {
        threads = Objects.requireNonNull(factory, "the factory is null");
        return this;
    }

    /**
     * Sets the provider that opens the sockets and the selectors of the event loops, for example that of ws-transport-linux,
     * which uses io_uring instead of NIO.
     *
     * @param provider opens stream sockets and the selectors for them; by default {@link SelectorProvider#provider()}
     * @return this
     */
    public WebSocketServerBuilder sockets(SelectorProvider provider) {
        this.provider = Objects.requireNonNull(provider);
        return this;
    }

    /**
     * Limits the number of connections, those that still speak HTTP included. One connection too many gets 503.
     *
     * @param most 1 or more; not limited by default
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public WebSocketServerBuilder maxConnections(int most) {
        maxConnections = positive(most, "connections");
        return this;
    }

    /**
     * Limits the number of connections from one address, or from one /64 of IPv6. One connection too many gets 503.
     * Connections from loopback addresses and over Unix domain sockets are not limited. A WebSocket that comes through a
     * trusted proxy counts for the address of its client.
     *
     * @param most 1 or more; not limited by default
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public WebSocketServerBuilder maxConnectionsPerAddress(int most) {
        maxPerAddress = positive(most, "connections per address");
        return this;
    }

    private static int positive(int count, String what) {
        if (count < 1) {
            throw new IllegalArgumentException("the number of " + what + " is 1 or more, not " + count);
        }
        return count;
    }

    /**
     * Shows every byte of every connection to a tap.
     *
     * @param tap makes the tap of a connection, from the peer's address
     * @return this
     */
    public WebSocketServerBuilder tap(Function<SocketAddress, WireTap> tap) {
        this.tap = Objects.requireNonNull(tap, "the tap is null");
        return this;
    }

    /**
     * Starts the server.
     *
     * @return the server, listening
     * @throws IOException if an address cannot be bound; no thread and no socket is left then
     * @throws IllegalStateException if there is no address to listen on
     */
    public WebSocketServer start() throws IOException {
        if (bindings.isEmpty()) {
            throw new IllegalStateException(
                    "there is no address to listen on: call listen, for example listen(8080), before start(), or call"
                            + " startInMemory()");
        }
        return new WebSocketServer(this);
    }

    /**
     * Starts the server in memory, for tests: with all routes and limits, but without its addresses and event loops.
     *
     * @return the server; {@link MemoryServer#connect} connects a client to it
     */
    public MemoryServer startInMemory() {
        AtomicBoolean ready = new AtomicBoolean(true);
        return new MemoryServer(
                configuration(Runnable::run, ServerState.of(ready::get)), Binding.inMemory(hostPolicy()), ready);
    }
}
