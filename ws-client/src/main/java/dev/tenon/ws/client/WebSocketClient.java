package dev.tenon.ws.client;

import dev.tenon.ws.client.auth.CredentialCache;
import dev.tenon.ws.client.step.KeyedSemaphore;
import dev.tenon.ws.client.step.Nanos;
import dev.tenon.ws.connection.Inbox;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.transport.EventLoop;
import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket client for any number of connections. All clients of the process share one event loop, except those with
 * {@linkplain Builder#loops their own}.
 *
 * <pre>{@code
 * try (WebSocketClient client = WebSocketClient.create()) {
 *     WebSocket ws = client.connect("ws://127.0.0.1:8080/ws", new Chat()).join();
 *     ws.sendText("hello");
 *     ...
 * }
 * }</pre>
 *
 * <p>Thread-safe. Listeners are called on an event loop, a daemon thread, and must not block it; set a {@linkplain
 * Builder#listenerExecutor listener executor} for listeners that block. The shared loop runs until all clients are
 * closed.
 *
 * <p>A process runs at most one connect to a host name and port at a time; others wait. RFC 6455 §4.1 demands that for each
 * IP address, which would make services behind one load balancer wait for each other. The limit slows down a client that
 * opens many connections to one server, such as a load test: see {@link Builder#connectsPerHost}. The waiting counts for the
 * {@linkplain Builder#timeout overall timeout}.
 */
public final class WebSocketClient implements AutoCloseable {
    private final ClientContext context;
    private final Loops loops;

    private WebSocketClient(Builder builder) throws IOException {
        context = builder.context();
        boolean shares = builder.loops == 0 && builder.threads == null && builder.provider == null;
        loops = shares
                ? Loops.shared(context.registry())
                : Loops.own(context.registry(), Math.max(1, builder.loops), builder.threads, builder.provider);
    }

    /**
     * Returns a client with the defaults.
     *
     * @return a client, which the caller must close
     * @throws IOException if the operating system cannot open a selector
     */
    public static WebSocketClient create() throws IOException {
        return builder().build();
    }

    /**
     * Begins to build a client.
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
     * @param listener receives the events of the connection
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
     * <li>a {@link dev.tenon.ws.handshake.HandshakeException} if the server has refused or its response breaks a rule:
     * with status and headers, if there was a response;
     * <li>a {@link ProxyException} if a proxy has not connected to the server;
     * <li>a {@link java.net.UnknownHostException} or {@link java.net.ConnectException} if the host or its proxy is
     * unknown or unreachable;
     *   <li>an {@link AddressRejectedException} if the {@link AddressFilter} allows none of its addresses;
     * <li>a {@link java.net.SocketTimeoutException} that names the step that took too long; it is a suppressed
     * exception of a {@link dev.tenon.ws.handshake.HandshakeException} if the server has refused and only the body was
     * late;
     * <li>an {@link javax.net.ssl.SSLException} with the reason if TLS has failed;
     * <li>an exception of the listener's {@code initialDemand} or of an extension that opens;
     * <li>another {@link IOException} in all other cases, with an exception of the user's code as its cause.
     * </ul>
     *
     * @param request the address, subprotocols, headers and options
     * @param listener receives the events of the connection
     * @return completes with the open connection. Cancelling it cancels the connect at any step. Dependent stages run
     *     on the event loop, unless they have an executor. Waiting for it on an event loop of this client, for example
     *     in a listener, throws an {@link IllegalStateException}
     * @throws IllegalArgumentException if a subprotocol or header of the request cannot be sent, or a header is one of
     *     the handshake or for proxies
     */
    public CompletableFuture<WebSocket> connect(ConnectRequest request, WebSocketListener listener) {
        PreparedRequest prepared = PreparedRequest.of(request, context.defaults());
        if (listener == null) {
            return CompletableFuture.failedFuture(new NullPointerException("the listener is null"));
        }
        CompletableFuture<WebSocket> result = new ConnectFuture<>(this);
        new ConnectOperation(context, loops.reserve(result), prepared, listener, result).start();
        return result;
    }

    /**
     * Connects and blocks until the connection is open, for threads that then block for messages too.
     *
     * @param uri a {@code ws:} or {@code wss:} URI
     * @return as {@link #openInbox(ConnectRequest)} says
     * @throws IOException as said there
     * @throws InterruptedException as said there
     * @throws IllegalArgumentException if the URI is not one
     */
    public Inbox openInbox(String uri) throws IOException, InterruptedException {
        return openInbox(ConnectRequest.to(uri));
    }

    /**
     * Connects and blocks until the connection is open, for threads that then block for messages too.
     *
     * @param request the address, subprotocols, headers and options
     * @return the inbox of the open connection, with room for 64 KiB; closing it closes the connection
     * @throws IOException if connecting fails, as {@link #connect(ConnectRequest, WebSocketListener)} says
     * @throws dev.tenon.ws.handshake.HandshakeException if the server has refused or its response breaks a rule
     * @throws InterruptedException if the thread is interrupted, which cancels the connect
     * @throws IllegalStateException if called on the client's event loop
     */
    public Inbox openInbox(ConnectRequest request) throws IOException, InterruptedException {
        requireOffLoop("wait for a connection");
        Inbox inbox = Inbox.create();
        CompletableFuture<WebSocket> connecting = connect(request, inbox);
        try {
            inbox.onOpen(connecting.get()); // with a listener executor, its own call may come later
            return inbox;
        } catch (InterruptedException e) {
            connecting.cancel(true);
            inbox.close();
            throw e;
        } catch (ExecutionException e) {
            throw asThrown(e.getCause() == null ? e : e.getCause());
        }
    }

    private static IOException asThrown(Throwable failure) {
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        return failure instanceof IOException io ? io : new IOException(failure);
    }

    /**
     * Closes the client. Running connects fail, and every connection ends with 1001, or is aborted at the deadline.
     * When this returns, all resources of this client are free, unless a listener still blocks an event loop; the
     * shared event loop ends with the last client.
     *
     * @param deadline how long this may take, at least a quarter of a second; the last eighth of it, at most a second,
     *     is for aborting
     * @throws IllegalStateException if called on the client's own event loop, which would wait for itself
     */
    public void close(Duration deadline) {
        requireOffLoop("wait for its own end");
        boolean interrupted = context.registry().close(Nanos.of(deadline));
        loops.release();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Whether all event loops of this client work. A loop that fails closes its connections and logs an error.
     *
     * @return false if an event loop has failed; only a new client repairs that
     */
    public boolean isHealthy() {
        return loops.areHealthy();
    }

    /** Throws if the caller runs on an event loop, which would wait for itself. */
    void requireOffLoop(String what) {
        if (loops.inLoop()) {
            throw new IllegalStateException("an event loop cannot " + what + ": do it on another thread");
        }
    }

    ClientContext context() {
        return context;
    }

    /** Chooses the event loop of an operation, which ends when its future completes. */
    EventLoop reserveLoop(CompletableFuture<?> operation) {
        return loops.reserve(operation);
    }

    /** Closes with a deadline of five seconds, see {@link #close(Duration)}. */
    @Override
    public void close() {
        close(Duration.ofSeconds(5));
    }

    /** Builds a client, with the default settings of all its connects. Not thread-safe. */
    public static final class Builder extends ConnectSettings<Builder> {
        private int loops;
        private @Nullable ThreadFactory threads;
        private @Nullable SelectorProvider provider;
        private int maxConnecting = 128;

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        private ClientContext context() {
            ConnectOptions defaults = ConnectOptions.copyOf(this);
            if (defaults.extensions == null) {
                defaults.extensions = Extensions.load();
            }
            return new ClientContext(
                    defaults, maxConnecting, new KeyedSemaphore<>(), new CredentialCache(), new ConnectionRegistry());
        }

        /**
         * Gives the client its own event loops, which listeners of other clients cannot block.
         *
         * @param count the number of loops, 1 or more, among which connections are distributed. By default the client
         *     uses the one loop that all clients of the process share
         * @return this
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder loops(int count) {
            loops = positive("a number of loops", count);
            return this;
        }

        /**
         * Sets the factory for the threads of the client's event loops. The client then has its own loops, one unless
         * {@link #loops} sets another number.
         *
         * @param factory creates one thread for each event loop when the client is built
         * @return this
         */
        public Builder threads(ThreadFactory factory) {
            threads = Objects.requireNonNull(factory);
            return this;
        }

        /**
         * Sets the provider that opens the client's sockets and the selectors of its event loops, for example that of
         * ws-transport-linux, which uses io_uring instead of NIO. The client then has event loops of its own: one, or as
         * many as {@link #loops} sets.
         *
         * @param provider opens stream sockets and the selectors for them; by default {@link SelectorProvider#provider()}
         * @return this
         */
        public Builder sockets(SelectorProvider provider) {
            this.provider = Objects.requireNonNull(provider);
            return this;
        }

        /**
         * Sets how many connects of this client may run at a time; more wait in order.
         *
         * @param max 128 by default
         * @return this
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder maxConnecting(int max) {
            maxConnecting = positive("a number of connects", max);
            return this;
        }

        /**
         * Builds the client.
         *
         * @return a client, which the caller must close
         * @throws IOException if the operating system cannot open a selector
         */
        public WebSocketClient build() throws IOException {
            return new WebSocketClient(this);
        }
    }
}
