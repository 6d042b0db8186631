package dev.tenon.ws.server;

import dev.tenon.ws.handshake.UpgradeRequest;

/** What stands behind a route: decides, request by request, who gets a connection. */
@FunctionalInterface
public interface Endpoint {
    /**
     * Accepts or refuses a request that is a good opening handshake. Called on an event loop: it must not block.
     *
     * @param request the whole request: target, headers, origin, peer
     * @return the listener of the new connection, and what else the answer holds
     * @throws dev.tenon.ws.handshake.HandshakeException to refuse, with the response that it carries; whatever else is
     *     thrown is answered with 500
     */
    Acceptance accept(UpgradeRequest request);
}
