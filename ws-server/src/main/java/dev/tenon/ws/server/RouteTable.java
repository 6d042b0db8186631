package dev.tenon.ws.server;

import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.ServerHandshake;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The routes of a builder. A route's values depend on the server's settings, which may be set after it: so each route is
 * kept as a function of these, and {@link #router} applies them. Not thread-safe.
 */
final class RouteTable {
    static final RouteValues DEFAULTS = RouteValues.defaults(Extensions.none());

    private static final HttpHandler NOT_FOUND = request -> {
        String hint = ServerHandshake.hint(request.request());
        return HttpResponse.text(404, "Not found" + (hint == null ? "" : "; " + hint) + ".\n");
    };

    /** Adds a route to a router. */
    interface Registration {
        /**
         * Adds the route.
         *
         * @param router takes the route
         * @param ofServer the server's values, for the settings that the route does not set
         * @param state the state of the server, for routes that report it
         */
        void addTo(Router router, RouteValues ofServer, ServerState state);
    }

    private final List<Registration> routes = new ArrayList<>();
    /** Has every route with default values, so that a route that another one excludes is found when it is added. */
    private final Router conflicts = new Router(HttpRoute.of(null, "*", NOT_FOUND, DEFAULTS), false);

    private @Nullable HttpHandler fallback;

    /**
     * Adds a route.
     *
     * @throws IllegalArgumentException if there is such a route already
     */
    void add(Registration route) {
        route.addTo(conflicts, DEFAULTS, ServerState.of(() -> true));
        routes.add(route);
    }

    /**
     * Sets what responds where no route matches.
     *
     * @throws IllegalArgumentException if that is set already
     */
    void addFallback(HttpHandler handler) {
        if (fallback != null) {
            throw new IllegalArgumentException("there is a handler for requests that no route matches already");
        }
        fallback = handler;
    }

    /** A router of all routes, with the values that they have on a server. */
    Router router(RouteValues ofServer, ServerState state) {
        HttpHandler handler = fallback;
        HttpRoute last = handler == null
                ? HttpRoute.of(null, "*", NOT_FOUND, ofServer.withMaxBody(0).withoutExecutor())
                : HttpRoute.of(null, "*", handler, ofServer);
        Router router = new Router(last, handler != null);
        routes.forEach(route -> route.addTo(router, ofServer, state));
        return router;
    }
}
