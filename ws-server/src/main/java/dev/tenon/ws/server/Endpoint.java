package dev.tenon.ws.server;

import dev.tenon.ws.handshake.UpgradeRequest;
import java.util.function.BiFunction;

/** What stands behind a route: decides, request by request, who gets a connection. */
@FunctionalInterface
public interface Endpoint {
    /**
     * Accepts or refuses a request that is a good opening handshake. Called on an event loop: it must not block.
     *
     * @param request the whole request: target, headers, origin, the client's address
     * @return the listener of the new connection, and what else the answer holds
     * @throws dev.tenon.ws.handshake.HandshakeException to refuse, with the response that it carries; whatever else is
     *     thrown is answered with 500
     */
    Acceptance accept(UpgradeRequest request);

    /**
     * The same for endpoints that look at the peer, at its certificate for instance. This is what the server calls.
     *
     * @param request as above
     * @param peer who asks
     * @return as above
     */
    default Acceptance accept(UpgradeRequest request, Peer peer) {
        return accept(request);
    }

    /**
     * An endpoint that looks at the peer.
     *
     * @param endpoint accepts or refuses
     * @return the same as an {@code Endpoint}
     */
    static Endpoint of(BiFunction<UpgradeRequest, Peer, Acceptance> endpoint) {
        return new Endpoint() {
            @Override
            public Acceptance accept(UpgradeRequest request) {
                return accept(request, new Peer(request.peer(), request.secure(), null));
            }

            @Override
            public Acceptance accept(UpgradeRequest request, Peer peer) {
                return endpoint.apply(request, peer);
            }
        };
    }
}
