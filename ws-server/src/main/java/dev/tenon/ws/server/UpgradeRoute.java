package dev.tenon.ws.server;

import dev.tenon.ws.handshake.Agreement;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.ServerHandshake;
import dev.tenon.ws.handshake.UpgradeRequest;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket route. Thread-safe.
 *
 * @param template the path
 * @param endpoint accepts and refuses clients
 * @param handshake checks requests, and negotiates subprotocol and extensions
 * @param values the value of every setting
 * @param meter counts the route's requests and connections
 */
record UpgradeRoute(
        PathTemplate template, Endpoint endpoint, ServerHandshake handshake, RouteValues values, RouteMeter meter) {
    private static final System.Logger LOG = System.getLogger("dev.tenon.ws.server");

    static UpgradeRoute of(PathTemplate template, Endpoint endpoint, RouteValues values) {
        ServerHandshake handshake = new ServerHandshake(
                values.extensions().withDeclineListener(UpgradeRoute::logDeclined),
                values.subprotocols(),
                values.origins());
        return new UpgradeRoute(
                template, endpoint, handshake, values, new RouteMeter(template.text(), RouteMeter.UPGRADE));
    }

    private static void logDeclined(Object offer, String reason) {
        LOG.log(Level.DEBUG, "declined the extension {0}: {1}", offer, reason);
    }

    /** Accepts a client; a null subprotocol stands for the first of the server's subprotocols that the client offers. */
    Agreement accept(UpgradeRequest request, @Nullable String subprotocol, Headers headers) {
        return handshake.accept(request, subprotocol == null ? preferred(request) : subprotocol, headers);
    }

    private String preferred(UpgradeRequest request) {
        return handshake.subprotocols().stream()
                .filter(request.subprotocols()::contains)
                .findFirst()
                .orElse("");
    }
}
