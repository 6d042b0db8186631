package dev.tenon.ws.server;

import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.OriginPolicy;
import dev.tenon.ws.handshake.ServerHandshake;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What can be set for a whole server, by its {@link WebSocketServerBuilder}, and for one route, by its
 * {@link RouteOptions}. What a route does not set is as the server has it. Not thread-safe.
 *
 * @param <S> the type that the methods return
 */
public abstract sealed class RouteSettings<S extends RouteSettings<S>> permits RouteOptions, RouteBuilder {
    private UnaryOperator<ConnectionOptions> options = UnaryOperator.identity();
    private @Nullable OriginPolicy origins;
    private @Nullable List<String> subprotocols;
    private @Nullable Extensions extensions;
    private @Nullable Executor executor;
    private @Nullable Duration responseTimeout;
    private int maxBody = -1;

    RouteSettings() {}

    /** This, by its own type. */
    abstract S self();

    /**
     * Sets the limits and deadlines of WebSocket connections.
     *
     * @param options the options; {@link ConnectionOptions#DEFAULT} by default
     * @return this
     */
    public S options(ConnectionOptions options) {
        return options(before -> options);
    }

    /**
     * Changes the limits and deadlines of WebSocket connections.
     *
     * @param change a function of the options that hold without it, such as {@code o -> o.withMaxMessageLength(16 << 10)}
     * @return this
     */
    public S options(UnaryOperator<ConnectionOptions> change) {
        options = change;
        return self();
    }

    /**
     * Sets the origins whose scripts may connect (RFC 6455 §10.2); those of the same origin by default.
     *
     * @param origins as {@link OriginPolicy#of} takes them, such as {@code https://*.example.com}
     * @return this
     * @throws IllegalArgumentException if one is not an origin
     */
    public S origins(String... origins) {
        return origins(OriginPolicy.of(origins));
    }

    /**
     * Sets which scripts may connect (RFC 6455 §10.2).
     *
     * @param policy the policy; {@link OriginPolicy#sameOrigin} by default
     * @return this
     */
    public S origins(OriginPolicy policy) {
        origins = policy;
        return self();
    }

    /**
     * Sets the subprotocols. The first of them that the client offers too is agreed on.
     *
     * @param names the tokens, in the server's order of preference; none by default
     * @return this
     * @throws IllegalArgumentException if one is not a token
     */
    public S subprotocols(String... names) {
        subprotocols = new ServerHandshake(Extensions.none(), List.of(names), OriginPolicy.any()).subprotocols();
        return self();
    }

    /**
     * Sets the extensions that are negotiated.
     *
     * @param extensions the providers; by default all that {@link Extensions#load()} finds
     * @return this
     */
    public S extensions(Extensions extensions) {
        this.extensions = extensions;
        return self();
    }

    /**
     * Calls endpoints, handlers and listeners on an executor, where they may block: {@code
     * Executors.newVirtualThreadPerTaskExecutor()} from Java 21 on, or a pool. The calls of one connection still come one at
     * a time and in order, and each sees what those before it have done. A slow listener stops the reading of its own
     * connection and of no other: up to 64 KiB wait for it, and pings are answered meanwhile, though it is told of the first
     * 64 only. Listeners that block for ever do not keep {@link WebSocketServer#stop} from ending; their last call comes
     * when they have returned.
     *
     * <p>A listener that is called there gets buffers and texts of its own. If the executor rejects a call of a listener,
     * the connection ends with 1011, and the last calls, {@code onError} with the reason and {@code onClose}, come on the
     * event loop; a request that it rejects gets 503.
     *
     * @param executor runs what it takes; not stopped by the server. Without one, all is called on the event loops
     * @return this
     * @see UpgradeResponse#withExecutor
     */
    public S executor(Executor executor) {
        this.executor = executor;
        return self();
    }

    /**
     * Sets how long an endpoint or a handler may take to decide. Beyond that the client gets 503, and the exchange is
     * {@linkplain Exchange#whenCancelled cancelled}.
     *
     * @param timeout positive, for ever if it is longer than 146 years; 60 s by default
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public S responseTimeout(Duration timeout) {
        responseTimeout = Durations.positive(timeout);
        return self();
    }

    /**
     * Sets the longest body of a request. A longer one is refused with 413, before it is read if its head says so.
     *
     * @param bytes 0 or more. By default 1 MiB; that of a server does not concern its routes for GET, HEAD, DELETE and
     *     OPTIONS, which take none unless they say so themselves
     * @return this
     * @throws IllegalArgumentException if it is negative
     */
    public S maxBody(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("the length of a body is not negative: " + bytes);
        }
        maxBody = bytes;
        return self();
    }

    /** These settings over those of the server, or over the defaults. */
    RouteValues over(RouteValues base) {
        return new RouteValues(
                options.apply(base.options()),
                origins == null ? base.origins() : origins,
                subprotocols == null ? base.subprotocols() : subprotocols,
                extensions == null ? base.extensions() : extensions,
                executor == null ? base.executor() : executor,
                responseTimeout == null ? base.responseTimeout() : responseTimeout,
                maxBody < 0 ? base.maxBody() : maxBody);
    }

    boolean hasExtensions() {
        return extensions != null;
    }
}
