package dev.tenon.ws.server;

import dev.tenon.ws.connection.ConnectionExecutor;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.OriginPolicy;
import dev.tenon.ws.handshake.ServerHandshake;
import dev.tenon.ws.handshake.TrustedProxies;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The routes of a server whose connections belong to somebody else, such as Netty: the host reads requests and carries
 * bytes, and everything between a request and its response happens here, as in a {@link WebSocketServer}. Immutable and
 * thread-safe.
 *
 * <pre>{@code
 * HostedExchange exchange = routes.exchange(request, loop);    // or a HandshakeException: send its response
 * exchange.start(body, response -> ...);                       // send it, and open what it has accepted
 * }</pre>
 */
public final class HostedRoutes {
    private static final ServerHandshake ANY = new ServerHandshake(Extensions.none(), List.of(), OriginPolicy.any());

    private final Router router;
    private final @Nullable HostPolicy hosts;
    private final TrustedProxies proxies;
    private final SharedUpgrade upgrades = new SharedUpgrade();

    HostedRoutes(Router router, @Nullable HostPolicy hosts, TrustedProxies proxies) {
        this.router = router;
        this.hosts = hosts;
        this.proxies = proxies;
    }

    /**
     * Begins a description.
     *
     * @return a builder without routes
     */
    public static HostedRoutesBuilder builder() {
        return new HostedRoutesBuilder();
    }

    /**
     * Whether a request asks for a WebSocket at one of these routes, or, in HTTP/2 and HTTP/3, is any extended CONNECT. A
     * host with handlers of its own gives them all other requests.
     *
     * @param head the head of any request
     * @return whether {@link #exchange} is about a WebSocket
     */
    public boolean isWebSocket(HttpRequest head) {
        if (!head.version().isHttp1()) {
            return head.method().equals("CONNECT") && head.headers().count(":protocol") > 0;
        }
        try {
            return ServerHandshake.isUpgrade(head) && router.upgrade(PathSegments.of(head.path())) != null;
        } catch (HandshakeException malformed) {
            return false;
        }
    }

    /**
     * Finds out what responds to a request.
     *
     * @param request the request, without its body
     * @param loop runs tasks on the thread of the request's connection
     * @return the exchange, to be started
     * @throws HandshakeException with the response to send, fit for the request's version of HTTP
     */
    public HostedExchange exchange(HostedRequest request, ConnectionExecutor loop) {
        HttpRequest head = request.head();
        try {
            checkHost(request);
            TrustedProxies.Client known = proxies.client(head, request.remote(), request.secure());
            Client client = new Client(known.address(), known.secure(), request.session());
            return isWebSocket(head)
                    ? upgrade(head, client, known, loop)
                    : new HostedExchange(head, target(head), client, loop);
        } catch (HandshakeException refusal) {
            throw head.version().isHttp1()
                    ? refusal
                    : new HandshakeException(
                            String.valueOf(refusal.getMessage()),
                            refusal.toResponse().forVersion(head.version()));
        }
    }

    private HostedExchange upgrade(
            HttpRequest head, Client client, TrustedProxies.Client known, ConnectionExecutor loop) {
        Router.Match<UpgradeRoute> found = router.upgrade(PathSegments.of(head.path()));
        if (found == null) {
            ANY.check(head, known); // 501 for another protocol comes before 404
            throw HandshakeException.refuse(404, "there is no WebSocket at this path");
        }
        UpgradeExchange exchange =
                new UpgradeExchange(found.route().handshake().check(head, known), found.parameters(), client);
        return new HostedExchange(exchange, found.route(), upgrades, loop);
    }

    private HttpTarget target(HttpRequest head) {
        return head.target().equals("*")
                ? new HttpTarget(null, HttpTarget.ofServer())
                : HttpTarget.of(head, PathSegments.of(head.path()), router);
    }

    private void checkHost(HostedRequest request) {
        boolean direct = request.isOnLoopback() && !proxies.isTrusted(request.remote());
        HostPolicy policy = hosts != null ? hosts : direct ? HostPolicy.LOOPBACK : HostPolicy.ANY;
        if (!policy.allows(request.head().authority())) {
            throw HandshakeException.refuse(421, "this server does not answer for the host of the request");
        }
    }
}
