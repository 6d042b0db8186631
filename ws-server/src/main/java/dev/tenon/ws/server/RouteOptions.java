package dev.tenon.ws.server;

import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.OriginPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What one route does in another way than its server. What is not set here is as the {@link WebSocketServer.Builder}
 * says. Not thread-safe.
 *
 * <pre>{@code
 * builder.route("/rooms/{room}", upgrade -> upgrade.accept(new Member(upgrade.pathParameter("room"))),
 *         route -> route.origins("https://example.com").options(o -> o.withMaxMessageLength(16 << 10)));
 * }</pre>
 */
public final class RouteOptions {
    private UnaryOperator<ConnectionOptions> options = UnaryOperator.identity();
    private @Nullable OriginPolicy origins;
    private @Nullable List<String> subprotocols;
    private @Nullable Extensions extensions;
    private @Nullable Executor executor;
    private @Nullable Duration timeout;
    private int maxBody = -1;

    RouteOptions() {}

    /**
     * Changes the limits and timeouts of the route's connections.
     *
     * @param change makes them of the server's
     * @return this
     */
    public RouteOptions options(UnaryOperator<ConnectionOptions> change) {
        options = change;
        return this;
    }

    /**
     * Sets the origins whose scripts may connect (RFC 6455 §10.2).
     *
     * @param origins as {@link OriginPolicy#of} takes them
     * @return this
     * @throws IllegalArgumentException if one is not an origin
     */
    public RouteOptions origins(String... origins) {
        return origins(OriginPolicy.of(origins));
    }

    /**
     * Sets the origins whose scripts may connect (RFC 6455 §10.2).
     *
     * @param policy the policy
     * @return this
     */
    public RouteOptions origins(OriginPolicy policy) {
        origins = policy;
        return this;
    }

    /**
     * Sets the subprotocols of this route. The first of them that the client offers too is agreed on.
     *
     * @param names the tokens, in the server's order of preference
     * @return this
     */
    public RouteOptions subprotocols(String... names) {
        subprotocols = List.of(names);
        return this;
    }

    /**
     * Sets the extensions that are negotiated.
     *
     * @param extensions the providers
     * @return this
     */
    public RouteOptions extensions(Extensions extensions) {
        this.extensions = extensions;
        return this;
    }

    /**
     * Calls the endpoint or handler, and the listeners of its connections, on an executor, where they may block.
     *
     * @param executor as in {@link WebSocketServer.Builder#executor}
     * @return this
     */
    public RouteOptions executor(Executor executor) {
        this.executor = executor;
        return this;
    }

    /**
     * Sets how long the endpoint or handler may take to decide. Beyond that the client gets 503, and the exchange is
     * cancelled.
     *
     * @param timeout positive; {@link WebSocketServer.Builder#responseTimeout} by default
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public RouteOptions timeout(Duration timeout) {
        this.timeout = Durations.positive(timeout);
        return this;
    }

    /**
     * Sets the longest body of a request. A longer one is refused with 413, before it is read if its head says so.
     *
     * @param bytes 0 or more; by default 0 for GET and DELETE, and the server's limit for other methods
     * @return this
     * @throws IllegalArgumentException if it is negative
     */
    public RouteOptions maxBody(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("the length of a body is not negative: " + bytes);
        }
        maxBody = bytes;
        return this;
    }

    ConnectionOptions options(ConnectionOptions ofServer) {
        return options.apply(ofServer);
    }

    OriginPolicy originsOr(OriginPolicy ofServer) {
        return origins == null ? ofServer : origins;
    }

    List<String> subprotocolsOr(List<String> ofServer) {
        return subprotocols == null ? ofServer : subprotocols;
    }

    Extensions extensionsOr(Extensions ofServer) {
        return extensions == null ? ofServer : extensions;
    }

    @Nullable
    Executor executorOr(@Nullable Executor ofServer) {
        return executor == null ? ofServer : executor;
    }

    Duration timeoutOr(Duration ofServer) {
        return timeout == null ? ofServer : timeout;
    }

    int maxBodyOr(int otherwise) {
        return maxBody < 0 ? otherwise : maxBody;
    }
}
