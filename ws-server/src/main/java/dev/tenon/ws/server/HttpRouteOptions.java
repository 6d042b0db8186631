package dev.tenon.ws.server;

/**
 * The settings of one plain HTTP route, where they differ from those of its server.
 *
 * <pre>{@code
 * builder.put("/images/{id}", request -> ..., route -> route.maxBody(8 << 20).executor(disk));
 * }</pre>
 */
public final class HttpRouteOptions extends RouteSettings<HttpRouteOptions> {
    HttpRouteOptions() {}

    @Override
    HttpRouteOptions self() {
        return this;
    }

    /**
     * Sets the longest body of a request to this route. A longer one is refused with 413, before it is read if its head
     * gives its length.
     *
     * @param bytes 0 or more. By default as many as the {@linkplain RouteBuilder#maxBody server's routes} take, but
     *     none for GET, HEAD, DELETE and OPTIONS
     * @return this
     * @throws IllegalArgumentException if it is negative
     */
    public HttpRouteOptions maxBody(int bytes) {
        return withMaxBody(bytes);
    }
}
