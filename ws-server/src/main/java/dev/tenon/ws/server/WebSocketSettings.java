package dev.tenon.ws.server;

import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.OriginPolicy;
import dev.tenon.ws.handshake.ServerHandshake;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The settings of WebSocket routes, for a whole server or for one route. Not thread-safe.
 *
 * @param <S> the type that the methods return
 */
public abstract sealed class WebSocketSettings<S extends WebSocketSettings<S>> extends RouteSettings<S>
        permits RouteOptions, HttpRoutes {
    private UnaryOperator<ConnectionOptions> options = UnaryOperator.identity();
    private @Nullable OriginPolicy origins;
    private @Nullable List<String> subprotocols;
    private @Nullable Extensions extensions;

    WebSocketSettings() {}

    /**
     * Sets the limits and deadlines of WebSocket connections.
     *
     * @param options the options; {@link ConnectionOptions#DEFAULT} by default
     * @return this
     */
    public S options(ConnectionOptions options) {
        Objects.requireNonNull(options, "the options are null");
        return options(before -> options);
    }

    /**
     * Changes the limits and deadlines of WebSocket connections. Several calls change them one after the other.
     *
     * @param change a function of the options so far, such as {@code o -> o.withMaxMessageLength(16 << 10)}. It is called
     *     at once with {@link ConnectionOptions#DEFAULT}, so that what it throws is thrown here, and again for each route
     * @return this
     */
    public S options(UnaryOperator<ConnectionOptions> change) {
        UnaryOperator<ConnectionOptions> before = options;
        UnaryOperator<ConnectionOptions> both = from ->
                Objects.requireNonNull(change.apply(before.apply(from)), "the function of options returns null");
        ConnectionOptions unused = both.apply(ConnectionOptions.DEFAULT);
        options = both;
        return self();
    }

    /**
     * Sets the origins whose scripts may connect (RFC 6455 §10.2). By default, pages of the server's own origin may.
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
        origins = Objects.requireNonNull(policy, "the origin policy is null");
        return self();
    }

    /**
     * Sets the subprotocols. The server chooses the first of them that the client offers too.
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
        this.extensions = Objects.requireNonNull(extensions, "the extensions are null; Extensions.none() means none");
        return self();
    }

    @Override
    RouteValues over(RouteValues base) {
        RouteValues common = super.over(base);
        return new RouteValues(
                options.apply(base.options()),
                origins == null ? base.origins() : origins,
                subprotocols == null ? base.subprotocols() : subprotocols,
                extensions == null ? base.extensions() : extensions,
                common.executor(),
                common.responseTimeout(),
                common.maxBody());
    }

    boolean hasExtensions() {
        return extensions != null;
    }
}
