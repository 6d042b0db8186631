package dev.tenon.ws.server;

/**
 * What one route does in another way than its server.
 *
 * <pre>{@code
 * builder.route("/rooms/{room}", upgrade -> upgrade.accept(new Member(upgrade.pathParameter("room"))),
 *         route -> route.origins("https://example.com").options(o -> o.withMaxMessageLength(16 << 10)));
 * }</pre>
 */
public final class RouteOptions extends RouteSettings<RouteOptions> {
    RouteOptions() {}

    @Override
    RouteOptions self() {
        return this;
    }
}
