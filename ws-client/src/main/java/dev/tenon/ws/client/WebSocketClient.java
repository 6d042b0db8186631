package dev.tenon.ws.client;

import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.ClientHandshake;
import dev.tenon.ws.transport.EventLoop;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket client: any number of connections, on one event loop that all clients of the process share unless they are
 * given {@linkplain Builder#loops their own}.
 *
 * <pre>{@code
 * try (WebSocketClient client = WebSocketClient.create()) {
 *     WebSocket ws = client.connect("ws://127.0.0.1:8080/ws", new Chat()).join();
 *     ws.sendText("hello");
 *     ...
 * }
 * }</pre>
 *
 * <p>Thread-safe. Listeners are called on an event loop, a daemon thread, and must not block it, unless they are called
 * {@linkplain Builder#listenerExecutor elsewhere}. The shared loop runs as
 * long as there is a client that was not closed.
 *
 * <p>In one process at most one connect to an address and port is under way at a time, the others wait for their turn;
 * through a proxy that goes for each host and port (RFC 6455 §4.1). The waiting counts for no deadline.
 */
public final class WebSocketClient implements AutoCloseable {
    private static final long ABORT_NANOS = 1_000_000_000;

    private final Settings settings;
    private final Loops loops;

    private WebSocketClient(Builder builder) throws IOException {
        settings = builder.settings();
        loops = builder.loops == 0 ? Loops.shared() : Loops.own(builder.loops);
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
     * <p>The future fails with
     * <ul>
     *   <li>a {@link dev.tenon.ws.handshake.HandshakeException} if the server has refused or its answer broke a rule: with
     *       status and headers, if there was an answer;
     *   <li>a {@link ProxyException} if a proxy did not open the way;
     *   <li>a {@link java.net.UnknownHostException} or {@link java.net.ConnectException} if the host, or its proxy, cannot
     *       be found or reached;
     *   <li>a {@link java.net.SocketTimeoutException} that says for what was waited too long;
     *   <li>an {@link javax.net.ssl.SSLException} that says why TLS failed;
     *   <li>any other {@link IOException} for all else.
     * </ul>
     *
     * @param request where to, and what to ask for
     * @param listener is told what happens on the connection
     * @return completes with the open connection. Cancelling it gives the attempt up, wherever it stands. What depends on
     *     it runs on the event loop, unless it brings its own executor
     * @throws IllegalArgumentException if a subprotocol or header of the request cannot be sent, or a header is one that
     *     the handshake sets itself or that is for proxies
     */
    public CompletableFuture<WebSocket> connect(ConnectRequest request, WebSocketListener listener) {
        check(request);
        CompletableFuture<WebSocket> result = new CompletableFuture<>();
        new Connecting(settings, nextLoop(), request, listener, result).start();
        return result;
    }

    static void check(ConnectRequest request) {
        if (request.headers().count("Proxy-Authorization") > 0) {
            throw new IllegalArgumentException(
                    "Proxy-Authorization would go to the server: give the credentials of proxies by an Authenticator");
        }
        ClientHandshake.Builder unused = ClientHandshake.to(request.uri())
                .subprotocols(request.subprotocols())
                .headers(request.headers());
    }

    /**
     * Closes: connects under way fail, every connection ends with 1001, those that do not end by the deadline at once.
     * When this returns, nothing of this client is left; the event loop ends with the last client.
     *
     * @param deadline how long the peers may take
     * @throws IllegalStateException if called on the client's own event loop, which would wait for itself
     */
    public void close(Duration deadline) {
        requireOffLoop("wait for its own end");
        Ledger ledger = settings.ledger();
        boolean interrupted = false;
        ledger.drain();
        try {
            ledger.awaitNone(deadline.toNanos());
        } catch (InterruptedException e) {
            interrupted = true;
        }
        ledger.abort();
        try {
            ledger.awaitNone(ABORT_NANOS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        loops.release();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Throws if the caller would hold up what it is about to wait for. */
    void requireOffLoop(String what) {
        if (loops.inLoop()) {
            throw new IllegalStateException("an event loop cannot " + what + ": do it on another thread");
        }
    }

    Settings settings() {
        return settings;
    }

    EventLoop nextLoop() {
        return loops.next();
    }

    /** Closes with a deadline of five seconds, see {@link #close(Duration)}. */
    @Override
    public void close() {
        close(Duration.ofSeconds(5));
    }

    /** Describes a client. Not thread-safe. */
    public static final class Builder {
        private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

        private ConnectionOptions options = ConnectionOptions.DEFAULT;
        private @Nullable Extensions extensions;
        private @Nullable SSLContext tls;
        private int loops;
        private Resolver resolver = Resolver.system();
        private @Nullable Executor executor;
        private @Nullable Executor listenerExecutor;
        private boolean proxyChosen;
        private @Nullable ProxySelector proxies;
        private @Nullable CookieHandler cookies;
        private @Nullable Authenticator credentials;
        private Duration resolveTimeout = TEN_SECONDS;
        private Duration connectTimeout = TEN_SECONDS;
        private Duration handshakeTimeout = TEN_SECONDS;
        private Duration stagger = Duration.ofMillis(250);
        private int maxRedirects;
        private int maxConnecting = 128;

        private Builder() {}

        private Settings settings() {
            return new Settings(
                    options,
                    extensions == null ? Extensions.load() : extensions,
                    tls,
                    resolver,
                    executor == null ? Background.executor() : executor,
                    listenerExecutor,
                    proxyChosen ? proxies : ProxySelector.getDefault(),
                    cookies,
                    credentials,
                    new Settings.Times(
                            resolveTimeout.toNanos(),
                            connectTimeout.toNanos(),
                            handshakeTimeout.toNanos(),
                            stagger.toNanos()),
                    maxRedirects,
                    new Turns<>(maxConnecting),
                    new Logins(),
                    new Ledger());
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
         * Sets trust and keys for {@code wss:}. Whatever it trusts, the certificate has to be for the host of the URI.
         *
         * @param context the context; the platform's default by default
         * @return this
         */
        public Builder tls(SSLContext context) {
            tls = context;
            return this;
        }

        /**
         * Gives the client event loops of its own, which nobody else's listener can hold up.
         *
         * @param count how many, 1 or more; connections are dealt out to them in turn. By default the client uses the one
         *     loop that all clients of the process share
         * @return this
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder loops(int count) {
            loops = positive("a number of loops", count);
            return this;
        }

        /**
         * Sets how addresses are found.
         *
         * @param resolver {@link Resolver#system()} by default
         * @return this
         */
        public Builder resolver(Resolver resolver) {
            this.resolver = resolver;
            return this;
        }

        /**
         * Sets where the resolver, proxy selector, cookie handler and authenticator are called. They may block; so it must
         * not run them on the thread that calls it.
         *
         * @param executor by default at most eight daemon threads for all clients, which end when there is nothing to do
         * @return this
         */
        public Builder executor(Executor executor) {
            this.executor = executor;
            return this;
        }

        /**
         * Has listeners called on an executor, where they may block: {@code Executors.newVirtualThreadPerTaskExecutor()}
         * from Java 21 on, or a pool. The calls of one connection still come one at a time and in order, and each sees what
         * those before it have done. A slow listener stops the reading of its own connection and of no other: up to
         * 64 KiB wait for it, and pings are answered meanwhile, though it is told of the first 64 only. The future of a
         * connect may complete before {@code onOpen} is called there.
         *
         * <p>What is called there is given buffers and texts of its own. If the executor rejects a call, the connection ends
         * with 1011, and the last calls, {@code onError} with the reason and {@code onClose}, come on the event loop.
         *
         * @param executor runs what it takes; not stopped by the client. Event loops call listeners by default
         * @return this
         */
        public Builder listenerExecutor(Executor executor) {
            listenerExecutor = executor;
            return this;
        }

        /**
         * Sets how proxies are chosen. The selector is asked about the URI with {@code http} for {@code ws} and
         * {@code https} for {@code wss}. HTTP proxies are asked by CONNECT for both (RFC 6455 §4.1), SOCKS proxies in
         * version 5, with the name of the host. A proxy that cannot be reached is reported to the selector, and the next
         * one of its list is tried.
         *
         * @param selector {@link java.net.ProxySelector#of} for a fixed proxy; null for none at all, whatever the platform
         *     says. By default {@link ProxySelector#getDefault()} at the time of {@link #build()}, as in the JDK's own
         *     client: who runs a process with {@code -Dhttps.proxyHost} means all of it; without such settings it chooses
         *     no proxy
         * @return this
         */
        public Builder proxy(@Nullable ProxySelector selector) {
            proxies = selector;
            proxyChosen = true;
            return this;
        }

        /**
         * Sets who keeps cookies. The handler is asked before each request, with {@code http} or {@code https} for the
         * scheme, and told the headers of each answer, refusals included. Its cookies stand behind those of the request.
         *
         * @param handler a {@link java.net.CookieManager}, for instance; none by default
         * @return this
         */
        public Builder cookies(CookieHandler handler) {
            cookies = handler;
            return this;
        }

        /**
         * Sets who knows user names and passwords, of servers that answer 401 and of proxies: Digest with SHA-256 or MD5,
         * Basic (RFC 7616, RFC 7617), and user name and password for SOCKS. It is asked once for each challenge; what it
         * has said is kept, and sent at once with later requests to the same server or proxy, and to nobody else. It is
         * not asked for a server if the request brings an {@code Authorization} of its own.
         *
         * @param authenticator none by default: challenges are failures then
         * @return this
         */
        public Builder authenticator(Authenticator authenticator) {
            credentials = authenticator;
            return this;
        }

        /**
         * Follows redirects: 301, 302, 303, 307 and 308 to {@code ws:}, {@code wss:}, {@code http:} or {@code https:}
         * URIs, the latter two read as the former; never from {@code wss:} to {@code ws:}. To another origin, the
         * request's {@code Authorization} and {@code Cookie} are left out; its other headers go along.
         *
         * @param most how many one after the other; 0, the default, makes them failures with the answer in them
         * @return this
         * @throws IllegalArgumentException if it is negative
         */
        public Builder redirects(int most) {
            if (most < 0) {
                throw new IllegalArgumentException("a number of redirects is not negative: " + most);
            }
            maxRedirects = most;
            return this;
        }

        /**
         * Sets how many connects of this client may be under way at a time; more wait for their turn.
         *
         * @param most 128 by default
         * @return this
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder maxConnecting(int most) {
            maxConnecting = positive("a number of connects", most);
            return this;
        }

        /**
         * Sets how long looking up a host may take.
         *
         * @param timeout 10 s by default
         * @return this
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder resolveTimeout(Duration timeout) {
            resolveTimeout = positive(timeout);
            return this;
        }

        /**
         * Sets how long it may take until there is a TCP connection, to any of the host's addresses.
         *
         * @param timeout 10 s by default
         * @return this
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder connectTimeout(Duration timeout) {
            connectTimeout = positive(timeout);
            return this;
        }

        /**
         * Sets how long all that follows on a TCP connection may take: the proxy, TLS and the opening handshake together.
         * Each redirect or retry with credentials begins anew.
         *
         * @param timeout 10 s by default
         * @return this
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder handshakeTimeout(Duration timeout) {
            handshakeTimeout = positive(timeout);
            return this;
        }

        /**
         * Sets how long one address of a host has to connect, before the next one is tried as well (RFC 8305 §5).
         *
         * @param delay 250 ms by default
         * @return this
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder stagger(Duration delay) {
            stagger = positive(delay);
            return this;
        }

        private static Duration positive(Duration timeout) {
            if (timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException("a timeout is positive: " + timeout);
            }
            return timeout;
        }

        private static int positive(String what, int number) {
            if (number < 1) {
                throw new IllegalArgumentException(what + " is positive: " + number);
            }
            return number;
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
