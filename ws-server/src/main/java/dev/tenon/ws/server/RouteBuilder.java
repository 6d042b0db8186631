package dev.tenon.ws.server;

import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.handshake.ServerHandshake;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Collects the routes of a server, and the settings that hold for all of them. A path consists of literal segments, of
 * {@code {name}} for any one segment, and at the end of {@code {name...}} for all that follow, as in {@code /rooms/{room}} and
 * {@code /files/{path...}}. Of two routes that match, the one whose segments are more literal from the left counts. Not
 * thread-safe.
 *
 * @param <S> the type that the methods return
 */
public abstract sealed class RouteBuilder<S extends RouteBuilder<S>> extends RouteSettings<S>
        permits WebSocketServerBuilder, HostedRoutesBuilder {
    private static final System.Logger LOG = System.getLogger("dev.tenon.ws.server");
    private static final RouteValues DEFAULTS = RouteValues.defaults(Extensions.none());
    private static final HttpHandler NOT_FOUND = request -> {
        String hint = ServerHandshake.hint(request.request());
        return HttpResponse.text(404, "Not found" + (hint == null ? "" : "; " + hint) + ".\n");
    };

    /** Adds a route to a router, with the server's values. */
    private interface Registration {
        void addTo(Router router, RouteValues ofServer, BooleanSupplier ready);
    }

    private final List<Registration> routes = new ArrayList<>();
    /** Has every route with default values, to find out at once which cannot stand beside another. */
    private final Router conflicts = new Router(HttpRoute.of(null, "*", NOT_FOUND, DEFAULTS), false);

    private @Nullable HttpHandler fallback;

    RouteBuilder() {}

    /**
     * Adds the routes that another part of the application has, so that it does not know what kind of server it is for.
     *
     * @param part adds its routes; called at once
     * @return this
     */
    public S routes(Consumer<? super S> part) {
        part.accept(self());
        return self();
    }

    /**
     * Routes a path to a WebSocket endpoint.
     *
     * @param path literal segments and parameters, as in {@code /rooms/{room}}
     * @param endpoint accepts and refuses clients
     * @return this
     * @throws IllegalArgumentException if the path is malformed, or has a route already
     */
    public S route(String path, Endpoint endpoint) {
        return route(path, endpoint, route -> {});
    }

    /**
     * Routes a path to a WebSocket endpoint, with options of its own.
     *
     * @param path literal segments and parameters, as in {@code /rooms/{room}}
     * @param endpoint accepts and refuses clients
     * @param options says in what the route differs from the server; called at once
     * @return this
     * @throws IllegalArgumentException if the path is malformed, or has a route already
     */
    public S route(String path, Endpoint endpoint, Consumer<RouteOptions> options) {
        PathTemplate template = PathTemplate.parse(path);
        RouteOptions own = optionsOf(options);
        return add((router, ofServer, ready) -> router.add(upgradeRoute(template, endpoint, own.over(ofServer))));
    }

    private static UpgradeRoute upgradeRoute(PathTemplate template, Endpoint endpoint, RouteValues values) {
        ServerHandshake handshake = new ServerHandshake(
                values.extensions().withDeclineListener(RouteBuilder::declined),
                values.subprotocols(),
                values.origins());
        return new UpgradeRoute(
                template, endpoint, handshake, values, new RouteMeter(template.text(), RouteMeter.UPGRADE));
    }

    private static void declined(Object offer, String reason) {
        LOG.log(Level.DEBUG, "declined the extension {0}: {1}", offer, reason);
    }

    /**
     * Routes GET of a path to a handler, and HEAD too unless it has a route of its own. Other methods of the path are
     * answered with 405, OPTIONS with those that there are.
     *
     * @param path literal segments and parameters, as in {@code /users/{id}}
     * @param handler responds to requests
     * @return this
     * @throws IllegalArgumentException if the path is malformed, or has such a route already
     */
    public S get(String path, HttpHandler handler) {
        return handle("GET", path, handler, route -> {});
    }

    /**
     * Routes POST of a path to a handler, see {@link #get}.
     *
     * @param path literal segments and parameters, as in {@code /users/{id}}
     * @param handler responds to requests
     * @return this
     * @throws IllegalArgumentException if the path is malformed, or has such a route already
     */
    public S post(String path, HttpHandler handler) {
        return handle("POST", path, handler, route -> {});
    }

    /**
     * Routes PUT of a path to a handler, see {@link #get}.
     *
     * @param path literal segments and parameters, as in {@code /users/{id}}
     * @param handler responds to requests
     * @return this
     * @throws IllegalArgumentException if the path is malformed, or has such a route already
     */
    public S put(String path, HttpHandler handler) {
        return handle("PUT", path, handler, route -> {});
    }

    /**
     * Routes DELETE of a path to a handler, see {@link #get}.
     *
     * @param path literal segments and parameters, as in {@code /users/{id}}
     * @param handler responds to requests
     * @return this
     * @throws IllegalArgumentException if the path is malformed, or has such a route already
     */
    public S delete(String path, HttpHandler handler) {
        return handle("DELETE", path, handler, route -> {});
    }

    /**
     * Routes any method of a path to a handler, with options of its own.
     *
     * @param method the method's token, such as {@code PATCH}
     * @param path literal segments and parameters, as in {@code /users/{id}}
     * @param handler responds to requests
     * @param options says in what the route differs from the server; called at once
     * @return this
     * @throws IllegalArgumentException if method or path is malformed, or has such a route already
     */
    public S handle(String method, String path, HttpHandler handler, Consumer<RouteOptions> options) {
        new HttpRequest(method, "/", HttpVersion.HTTP_1_1, Headers.empty()); // refuses what is no method
        PathTemplate template = PathTemplate.parse(path);
        RouteOptions own = optionsOf(options);
        return add((router, ofServer, ready) -> router.add(
                method, template, HttpRoute.of(template, method, handler, own.over(ofServer.forMethod(method)))));
    }

    /**
     * Answers the readiness check of a load balancer or an orchestrator: 200 while the server wants new connections, 503
     * from the moment on when {@code stop} or {@code stopAccepting} is called.
     *
     * @param path literal segments, as in {@code /ready}
     * @return this
     * @throws IllegalArgumentException if the path is malformed, or has such a route already
     */
    public S readiness(String path) {
        PathTemplate template = PathTemplate.parse(path);
        return add((router, ofServer, ready) -> {
            HttpHandler handler = request ->
                    ready.getAsBoolean() ? HttpResponse.text(200, "ready\n") : HttpResponse.text(503, "stopping\n");
            router.add(
                    "GET",
                    template,
                    HttpRoute.of(
                            template, "GET", handler, ofServer.forMethod("GET").withoutExecutor()));
        });
    }

    /**
     * Serves the files of a directory, see {@link StaticFiles}.
     *
     * @param path begins the paths of all files, as {@code /assets} or {@code /}; may have parameters
     * @param directory the directory
     * @return this
     * @throws IllegalArgumentException if the path is malformed or has a route already, or if there is no such directory
     */
    public S files(String path, Path directory) {
        return files(path, StaticFiles.of(directory));
    }

    /**
     * Serves the files of a directory, as told.
     *
     * @param path begins the paths of all files, as {@code /assets} or {@code /}; may have parameters
     * @param files the directory, its index and headers
     * @return this
     * @throws IllegalArgumentException if the path is malformed, or has a route already
     */
    public S files(String path, StaticFiles files) {
        String base = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        PathTemplate template = PathTemplate.parse(base + "/{" + FileResponder.PARAMETER + "...}");
        if (!base.isEmpty()) { // the same page under a path without a slash would have other links
            get(base, request -> FileResponder.redirectToDirectory(request).response());
        }
        return add((router, ofServer, ready) ->
                router.add("GET", template, HttpRoute.of(template, files, ofServer.forMethod("GET"))));
    }

    /**
     * Responds to all requests that no route matches.
     *
     * @param handler the handler; without one there is 404, 426 at the path of a WebSocket route, and no body is read
     * @return this
     */
    public S http(HttpHandler handler) {
        fallback = handler;
        return self();
    }

    private static RouteOptions optionsOf(Consumer<RouteOptions> options) {
        RouteOptions route = new RouteOptions();
        options.accept(route);
        return route;
    }

    private S add(Registration route) {
        route.addTo(conflicts, DEFAULTS, () -> true);
        routes.add(route);
        return self();
    }

    /** All routes with their values, and what responds where none matches. */
    Router router(BooleanSupplier ready) {
        RouteValues values = over(hasExtensions() ? DEFAULTS : RouteValues.defaults(Extensions.load()));
        Router router = new Router(
                fallback == null
                        ? HttpRoute.of(
                                null, "*", NOT_FOUND, values.withMaxBody(0).withoutExecutor())
                        : HttpRoute.of(null, "*", fallback, values),
                fallback != null);
        routes.forEach(route -> route.addTo(router, values, ready));
        return router;
    }
}
