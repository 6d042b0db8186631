package dev.tenon.ws.server;

import dev.tenon.ws.connection.ConnectionExecutor;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.handshake.OriginPolicy;
import dev.tenon.ws.handshake.ServerHandshake;
import dev.tenon.ws.handshake.TrustedProxies;
import dev.tenon.ws.handshake.UpgradeRequest;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Routes for a host, which is a server of another library, such as Netty. The host reads requests and carries bytes. The
 * routes decide on the response to a request, in the same way as those of a {@link WebSocketServer}. Thread-safe.
 *
 * <pre>{@code
 * HostedExchange exchange = routes.exchange(request, loop);    // or a HandshakeException: send its response
 * exchange.start(body, response -> ...);                       // send it, and open the WebSocket that it accepts
 * }</pre>
 */
public final class HostedRoutes implements AutoCloseable {
    private static final ServerHandshake ANY = new ServerHandshake(Extensions.none(), List.of(), OriginPolicy.any());

    private final Router router;
    private final @Nullable HostPolicy hosts;
    private final TrustedProxies proxies;
    private final AtomicBoolean ready;
    private final SharedUpgrade upgrades = new SharedUpgrade();
    private final OpenConnections connections = new OpenConnections();
    private final FileThreads fileThreads = new FileThreads();

    HostedRoutes(Router router, @Nullable HostPolicy hosts, TrustedProxies proxies, AtomicBoolean ready) {
        this.router = router;
        this.hosts = hosts;
        this.proxies = proxies;
        this.ready = ready;
    }

    /**
     * Begins to build routes.
     *
     * @return a builder without routes
     */
    public static HostedRoutesBuilder builder() {
        return new HostedRoutesBuilder();
    }

    /**
     * Whether a request asks for a WebSocket at one of these routes, or, in HTTP/2 and HTTP/3, is any extended CONNECT. A
     * host that has handlers of its own gives all other requests to them.
     *
     * @param head the head of any request
     * @return whether the {@link #exchange} of this request is about a WebSocket
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
     * Begins the exchange of a request.
     *
     * @param request the request, without its body
     * @param loop runs tasks on the thread of the request's connection
     * @return the exchange; the host starts it
     * @throws HandshakeException if the request is refused, with the response to send, fit for the request's version of
     *     HTTP. An exception of an origin policy is logged, and becomes a refusal with 500
     */
    public HostedExchange exchange(HostedRequest request, ConnectionExecutor loop) {
        try {
            return new HostedExchange(request.head(), target(request), loop);
        } catch (HandshakeException refusal) {
            throw inVersion(refusal, request.head().version());
        } catch (Throwable broken) { // thrown by an origin policy, for instance
            HostedExchange.FAILURES.log("a request cannot be checked", broken);
            throw inVersion(
                    HandshakeException.refuse(500, "internal error"),
                    request.head().version());
        }
    }

    private static HandshakeException inVersion(HandshakeException refusal, HttpVersion version) {
        return version.isHttp1()
                ? refusal
                : new HandshakeException(
                        String.valueOf(refusal.getMessage()),
                        refusal.toResponse().forVersion(version));
    }

    private HostedExchange.Target target(HostedRequest request) {
        HttpRequest head = request.head();
        checkHost(request);
        TrustedProxies.Client known = proxies.client(head, request.remote(), request.secure());
        Client client = new Client(known.address(), known.secure(), request.session());
        return isWebSocket(head) ? upgrade(head, client, known) : HostedHttp.of(target(head), client, fileThreads);
    }

    private HostedExchange.Target upgrade(HttpRequest head, Client client, TrustedProxies.Client known) {
        Router.Match<UpgradeRoute> found = router.upgrade(PathSegments.of(head.path()));
        if (found == null) {
            ANY.check(head, known); // 501 for another protocol comes before 404
            throw HandshakeException.refuse(404, "there is no WebSocket at this path");
        }
        UpgradeRequest request;
        try {
            request = found.route().handshake().check(head, known);
        } catch (Throwable refusal) {
            found.route().meter().refused(0);
            throw refusal;
        }
        UpgradeExchange exchange = new UpgradeExchange(request, found.parameters(), client);
        return new HostedUpgrade(exchange, found.route(), upgrades, connections).target();
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

    /**
     * Reports the counters of each route, and its open connections. Costs one look at each open WebSocket.
     *
     * @return a snapshot of each route, in the order in which the routes were added, and one of all requests that no
     *     route matches
     */
    public List<RouteMetrics> metrics() {
        MetricsReader reader = new MetricsReader(router.meters());
        connections.forEach((webSocket, meter) -> reader.add(meter, webSocket.counters(), webSocket.bufferedAmount()));
        return reader.routes();
    }

    /**
     * Whether the host wants new connections, which a {@linkplain RouteBuilder#readiness readiness route} reports.
     *
     * @return true until the host calls {@link #setReady} with false
     */
    public boolean isReady() {
        return ready.get();
    }

    /**
     * Sets whether the host wants new connections. The routes serve all requests in either case.
     *
     * @param ready false before the host stops
     */
    public void setReady(boolean ready) {
        this.ready.set(ready);
    }

    /**
     * Ends the threads that read files, of which there are none ten seconds after the last request for a file anyway. The
     * host calls this when it has stopped. Later requests for files get 503.
     */
    @Override
    public void close() {
        setReady(false);
        fileThreads.stop();
    }
}
