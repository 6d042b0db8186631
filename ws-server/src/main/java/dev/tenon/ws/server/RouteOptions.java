package dev.tenon.ws.server;

/**
 * The settings of one WebSocket route, where they differ from those of its server.
 *
 * <pre>{@code
 * builder.route("/rooms/{room}", upgrade -> upgrade.accept(new Member(upgrade.pathParameter("room"))),
 *         route -> route.origins("https://example.com").options(o -> o.withMaxMessageLength(16 << 10)));
 * }</pre>
 */
public final class RouteOptions extends WebSocketSettings<RouteOptions> {
    RouteOptions() {}

    @Override
    RouteOptions self() {
        return this;
    }
}
