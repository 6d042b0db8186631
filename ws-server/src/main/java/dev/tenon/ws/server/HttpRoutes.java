package dev.tenon.ws.server;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * The methods of a {@link RouteBuilder} that add plain HTTP routes.
 *
 * @param <S> the type that the methods return
 */
abstract sealed class HttpRoutes<S extends HttpRoutes<S>> extends WebSocketSettings<S> permits RouteBuilder {
    HttpRoutes() {}

    abstract S add(RouteTable.Registration route);

    /**
     * Adds an HTTP route for GET, and for HEAD unless that has a route of its own. Other methods of the path get 405, and
     * OPTIONS gets a list of the methods that have a route.
     *
     * @param path literal segments and parameters, as in {@code /users/{id}}
     * @param handler responds to requests
     * @return this
     * @throws IllegalArgumentException if the path is malformed, or has such a route already
     */
    public S get(String path, HttpHandler handler) {
        return handle("GET", path, handler);
    }

    /**
     * Adds an HTTP route for GET with settings of its own, see {@link #get(String, HttpHandler)}.
     *
     * @param path literal segments and parameters, as in {@code /users/{id}}
     * @param handler responds to requests
     * @param options sets what differs from the server; called at once
     * @return this
     * @throws IllegalArgumentException if the path is malformed, or has such a route already
     */
    public S get(String path, HttpHandler handler, Consumer<HttpRouteOptions> options) {
        return handle("GET", path, handler, options);
    }

    /**
     * Adds an HTTP route for POST, see {@link #get(String, HttpHandler)}.
     *
     * @param path literal segments and parameters, as in {@code /users/{id}}
     * @param handler responds to requests
     * @return this
     * @throws IllegalArgumentException if the path is malformed, or has such a route already
     */
    public S post(String path, HttpHandler handler) {
        return handle("POST", path, handler);
    }

    /**
     * Adds an HTTP route for POST with settings of its own, see {@link #get(String, HttpHandler)}.
     *
     * @param path literal segments and parameters, as in {@code /users/{id}}
     * @param handler responds to requests
     * @param options sets what differs from the server; called at once
     * @return this
     * @throws IllegalArgumentException if the path is malformed, or has such a route already
     */
    public S post(String path, HttpHandler handler, Consumer<HttpRouteOptions> options) {
        return handle("POST", path, handler, options);
    }

    /**
     * Adds an HTTP route for PUT, see {@link #get(String, HttpHandler)}.
     *
     * @param path literal segments and parameters, as in {@code /users/{id}}
     * @param handler responds to requests
     * @return this
     * @throws IllegalArgumentException if the path is malformed, or has such a route already
     */
    public S put(String path, HttpHandler handler) {
        return handle("PUT", path, handler);
    }

    /**
     * Adds an HTTP route for PUT with settings of its own, see {@link #get(String, HttpHandler)}.
     *
     * @param path literal segments and parameters, as in {@code /users/{id}}
     * @param handler responds to requests
     * @param options sets what differs from the server; called at once
     * @return this
     * @throws IllegalArgumentException if the path is malformed, or has such a route already
     */
    public S put(String path, HttpHandler handler, Consumer<HttpRouteOptions> options) {
        return handle("PUT", path, handler, options);
    }

    /**
     * Adds an HTTP route for DELETE, see {@link #get(String, HttpHandler)}.
     *
     * @param path literal segments and parameters, as in {@code /users/{id}}
     * @param handler responds to requests
     * @return this
     * @throws IllegalArgumentException if the path is malformed, or has such a route already
     */
    public S delete(String path, HttpHandler handler) {
        return handle("DELETE", path, handler);
    }

    /**
     * Adds an HTTP route for DELETE with settings of its own, see {@link #get(String, HttpHandler)}.
     *
     * @param path literal segments and parameters, as in {@code /users/{id}}
     * @param handler responds to requests
     * @param options sets what differs from the server; called at once
     * @return this
     * @throws IllegalArgumentException if the path is malformed, or has such a route already
     */
    public S delete(String path, HttpHandler handler, Consumer<HttpRouteOptions> options) {
        return handle("DELETE", path, handler, options);
    }

    /**
     * Adds an HTTP route for any method.
     *
     * @param method the method's token, such as {@code PATCH}; case matters
     * @param path literal segments and parameters, as in {@code /users/{id}}
     * @param handler responds to requests
     * @return this
     * @throws IllegalArgumentException if method or path is malformed, or has such a route already
     */
    public S handle(String method, String path, HttpHandler handler) {
        return handle(method, path, handler, route -> {});
    }

    /**
     * Adds an HTTP route for any method, with settings of its own.
     *
     * @param method the method's token, such as {@code PATCH}; case matters
     * @param path literal segments and parameters, as in {@code /users/{id}}
     * @param handler responds to requests
     * @param options sets what differs from the server; called at once
     * @return this
     * @throws IllegalArgumentException if method or path is malformed, or has such a route already
     */
    public S handle(String method, String path, HttpHandler handler, Consumer<HttpRouteOptions> options) {
        HttpMethods.check(method);
        PathTemplate template = PathTemplate.parse(path);
        Objects.requireNonNull(handler, () -> "the handler of " + method + " \"" + path + "\" is null");
        HttpRouteOptions own = new HttpRouteOptions();
        options.accept(own);
        return add((router, ofServer, state) -> router.add(
                method, template, HttpRoute.of(template, method, handler, own.over(ofServer.forMethod(method)))));
    }
}
