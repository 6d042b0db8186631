package dev.tenon.ws.server;

import dev.tenon.ws.handshake.Agreement;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.ServerHandshake;
import dev.tenon.ws.handshake.UpgradeRequest;
import org.jspecify.annotations.Nullable;

/** A route to a WebSocket endpoint, with everything that holds for its connections. Thread-safe. */
record UpgradeRoute(
        PathTemplate template, Endpoint endpoint, ServerHandshake handshake, RouteValues values, RouteMeter meter) {

    /** The agreement with a client; a null subprotocol stands for the first of the server's that the client offers. */
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
