package dev.tenon.ws.server;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The settings that WebSocket routes and plain HTTP routes have in common. They can be set for a whole server, by its
 * {@link RouteBuilder}, and for one route, by its {@link RouteOptions} or {@link HttpRouteOptions}. A route has the
 * server's value of every setting that it does not set. Not thread-safe.
 *
 * @param <S> the type that the methods return
 */
public abstract sealed class RouteSettings<S extends RouteSettings<S>> permits WebSocketSettings, HttpRouteOptions {
    private static final int UNSET = -1;

    private @Nullable Executor executor;
    private @Nullable Duration responseTimeout;
    private int maxBody = UNSET;

    RouteSettings() {}

    /** This object, by its own type. */
    abstract S self();

    /**
     * Calls endpoints, handlers and listeners on an executor, where they may block: {@code
     * Executors.newVirtualThreadPerTaskExecutor()} from Java 21 on, or a pool. The calls of one connection still come
     * one at a time and in order, and each call sees the effects of the calls before it. A slow listener stops the
     * reading of its own connection and of no other: up to 64 KiB wait for it. Pings are answered meanwhile, but only the
     * first 64 of them are reported to the listener. A listener that blocks for ever does not keep {@link
     * WebSocketServer#stop} from returning; the listener gets its last call when it has returned.
     *
     * <p>If the executor rejects a call of a listener, the connection ends with 1011, and the last calls, {@code onError}
     * with the reason and {@code onClose}, are made on the event loop. If it rejects a request, the client gets 503.
     *
     * @param executor runs the calls; the server does not shut it down. Without an executor, all calls are made on the
     *     event loops; {@code Runnable::run} does the same for a route whose server has an executor
     * @return this
     * @see UpgradeResponse#withExecutor
     */
    public S executor(Executor executor) {
        this.executor = Objects.requireNonNull(executor, "the executor is null; Runnable::run calls on the event loop");
        return self();
    }

    /**
     * Sets how long an endpoint or a handler may take to decide. After that time the client gets 503, and the exchange is
     * {@linkplain Exchange#whenCancelled cancelled}.
     *
     * @param timeout positive; 60 s by default. A timeout of more than 146 years never passes
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public S responseTimeout(Duration timeout) {
        responseTimeout = Durations.positive(timeout, "the response timeout");
        return self();
    }

    final S withMaxBody(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("the longest body of a request has 0 bytes or more, not " + bytes);
        }
        maxBody = bytes;
        return self();
    }

    /** The values of a route: these settings, and the values of {@code base} for settings that are not set here. */
    RouteValues over(RouteValues base) {
        return new RouteValues(
                base.options(),
                base.origins(),
                base.subprotocols(),
                base.extensions(),
                executor == null ? base.executor() : executor,
                responseTimeout == null ? base.responseTimeout() : responseTimeout,
                maxBody == UNSET ? base.maxBody() : maxBody);
    }
}
