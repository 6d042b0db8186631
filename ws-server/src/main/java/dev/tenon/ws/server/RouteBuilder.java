package dev.tenon.ws.server;

import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.OriginPolicy;
import dev.tenon.ws.handshake.TrustedProxies;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The routes of a server, and the settings that all of them have. A path consists of literal segments, of {@code {name}}
 * for any one segment, and at its end of {@code {name...}} for all segments that follow, as in {@code /rooms/{room}} and
 * {@code /files/{path...}}. If several routes match, the one wins that has a literal segment where the others have a
 * parameter, seen from the left. Not thread-safe.
 *
 * @param <S> the type that the methods return
 */
public abstract sealed class RouteBuilder<S extends RouteBuilder<S>> extends HttpRoutes<S>
        permits WebSocketServerBuilder, HostedRoutesBuilder {
    private final RouteTable table = new RouteTable();
    private @Nullable HostPolicy hosts;
    private TrustedProxies proxies = TrustedProxies.none();

    RouteBuilder() {}

    /**
     * Adds the routes of another part of the application, which need not know for which kind of server they are.
     *
     * @param part adds its routes; called at once
     * @return this
     */
    public S routes(Consumer<? super S> part) {
        part.accept(self());
        return self();
    }

    /**
     * Adds a WebSocket route.
     *
     * @param path literal segments and parameters, as in {@code /rooms/{room}}
     * @param endpoint accepts and refuses clients
     * @return this
     * @throws IllegalArgumentException if the path is malformed, or has a WebSocket route already
     */
    public S route(String path, Endpoint endpoint) {
        return route(path, endpoint, route -> {});
    }

    /**
     * Adds a WebSocket route with settings of its own.
     *
     * @param path literal segments and parameters, as in {@code /rooms/{room}}
     * @param endpoint accepts and refuses clients
     * @param options sets what differs from the server; called at once
     * @return this
     * @throws IllegalArgumentException if the path is malformed, or has a WebSocket route already
     */
    public S route(String path, Endpoint endpoint, Consumer<RouteOptions> options) {
        PathTemplate template = PathTemplate.parse(path);
        Objects.requireNonNull(endpoint, () -> "the endpoint of \"" + path + "\" is null");
        RouteOptions own = new RouteOptions();
        options.accept(own);
        return add((router, ofServer, state) -> router.add(UpgradeRoute.of(template, endpoint, own.over(ofServer))));
    }

    /**
     * Adds a route that answers the readiness check of a load balancer or an orchestrator: with 200 while the server
     * wants new connections, and with 503 once it is about to stop.
     *
     * @param path literal segments, as in {@code /ready}
     * @return this
     * @throws IllegalArgumentException if the path is malformed, or has such a route already
     */
    public S readiness(String path) {
        return probe(path, ServerState::ready, "ready\n", "stopping\n");
    }

    /**
     * Adds a route that answers the liveness check of an orchestrator: with 200 while the server {@linkplain
     * WebSocketServer#isHealthy is healthy}, and with 503 once an event loop has failed, which only a restart repairs. In
     * {@link HostedRoutes} and in memory the response is always 200: a server there has no event loops of its own.
     *
     * @param path literal segments, as in {@code /health}
     * @return this
     * @throws IllegalArgumentException if the path is malformed, or has such a route already
     */
    public S liveness(String path) {
        return probe(path, ServerState::healthy, "ok\n", "an event loop has failed\n");
    }

    private S probe(String path, Function<ServerState, BooleanSupplier> check, String yes, String no) {
        PathTemplate template = PathTemplate.parse(path);
        return add((router, ofServer, state) -> {
            BooleanSupplier holds = check.apply(state);
            HttpHandler handler =
                    request -> holds.getAsBoolean() ? HttpResponse.text(200, yes) : HttpResponse.text(503, no);
            RouteValues values = ofServer.forMethod("GET").withoutExecutor();
            router.add("GET", template, HttpRoute.of(template, "GET", handler, values));
        });
    }

    /**
     * Adds a route to the files of a directory, see {@link StaticFiles}.
     *
     * @param path the beginning of the paths of all files, such as {@code /assets} or {@code /}; may have parameters
     * @param directory the directory
     * @return this
     * @throws IllegalArgumentException if the path is malformed or has a route already, or if there is no such directory
     */
    public S files(String path, Path directory) {
        return files(path, StaticFiles.of(directory));
    }

    /**
     * Adds a route to the files of a directory, with an index file, headers and content types of the caller's choice.
     *
     * @param path the beginning of the paths of all files, such as {@code /assets} or {@code /}; may have parameters
     * @param files the directory, its index file, headers and content types
     * @return this
     * @throws IllegalArgumentException if the path is malformed, or has a route already
     */
    public S files(String path, StaticFiles files) {
        PathTemplate.parse(path);
        String base = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        PathTemplate template = PathTemplate.parse(base + "/{" + FileResponder.PARAMETER + "...}");
        add((router, ofServer, state) ->
                router.add("GET", template, HttpRoute.of(template, files, ofServer.forMethod("GET"))));
        if (!base.isEmpty()) { // relative links of the index page need the slash at the end
            get(base, request -> FileResponder.redirectToDirectory(request).response());
        }
        return self();
    }

    /**
     * Responds to all requests that no route matches. Without such a handler they get 404, or 426 at the path of a
     * WebSocket route, and their bodies are not read.
     *
     * @param handler the handler
     * @return this
     * @throws IllegalArgumentException if there is such a handler already
     */
    public S http(HttpHandler handler) {
        table.addFallback(Objects.requireNonNull(handler, "the handler is null"));
        return self();
    }

    /**
     * Sets the longest body of a request. A longer one is refused with 413, before it is read if its head gives its
     * length. Routes for GET, HEAD, DELETE and OPTIONS take no body, whatever the server's setting, unless they
     * {@linkplain HttpRouteOptions#maxBody set one themselves}.
     *
     * @param bytes 0 or more; 1 MiB by default
     * @return this
     * @throws IllegalArgumentException if it is negative
     */
    public S maxBody(int bytes) {
        return withMaxBody(bytes);
    }

    /**
     * Sets the hosts that requests may name (RFC 9110 §7.2). A request for another host gets 421. Without this setting,
     * listeners on loopback addresses serve {@code localhost} and {@code *.localhost} only, as a protection from DNS
     * rebinding, unless the request comes from a {@linkplain #trustedProxies trusted proxy}; all other listeners serve
     * any host. Requests that name an address literal are always served.
     *
     * @param hosts names such as {@code example.com}, {@code *.example.com} for all below, {@code *} for any
     * @return this
     * @throws IllegalArgumentException if one is not a name
     */
    public S hosts(String... hosts) {
        this.hosts = HostPolicy.of(List.of(hosts));
        return self();
    }

    /**
     * Sets the reverse proxies whose header with the client's address and scheme the server trusts. They must pass
     * {@code Host} on, because {@link OriginPolicy#sameOrigin()} compares with it.
     *
     * @param proxies the proxies, and the header that they write; {@link TrustedProxies#none()} by default
     * @return this
     */
    public S trustedProxies(TrustedProxies proxies) {
        this.proxies = Objects.requireNonNull(proxies, "the proxies are null; TrustedProxies.none() trusts none");
        return self();
    }

    @Override
    S add(RouteTable.Registration route) {
        table.add(route);
        return self();
    }

    /** A router of all routes with their values. */
    Router router(ServerState state) {
        RouteValues defaults = hasExtensions() ? RouteTable.DEFAULTS : RouteValues.defaults(Extensions.load());
        return table.router(over(defaults), state);
    }

    @Nullable
    HostPolicy hostPolicy() {
        return hosts;
    }

    TrustedProxies proxies() {
        return proxies;
    }
}
