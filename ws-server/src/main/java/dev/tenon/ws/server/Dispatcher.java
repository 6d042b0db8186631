package dev.tenon.ws.server;

import dev.tenon.ws.frame.Violation;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpConnection;
import dev.tenon.ws.handshake.HttpEvent;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.ServerHandshake;
import dev.tenon.ws.handshake.TrustedProxies;
import dev.tenon.ws.handshake.UpgradeRequest;
import dev.tenon.ws.transport.Recorder;
import dev.tenon.ws.transport.Transport;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Routes the requests of one connection: to an endpoint, to a handler, or to a response that follows from the routes.
 * Belongs to the connection's event loop.
 */
final class Dispatcher {
    private static final System.Logger LOG = System.getLogger("dev.tenon.ws.server");

    private final ServerConfig config;
    private final Binding binding;
    private final Transport transport;
    private final ConnectionLimiter.Permit permit;
    private final HttpConnection http;
    private final OpenExchange exchange;
    private final UpgradeDispatcher upgrades;
    private final RequestDispatcher requests;

    /** The route of the newest request, for the flight recorder; never the path itself, which may hold secrets. */
    private @Nullable String target;

    Dispatcher(
            ServerConfig config,
            Binding binding,
            Transport transport,
            ConnectionLimiter.Permit permit,
            HttpConnection http,
            HttpDriver driver) {
        this.config = config;
        this.binding = binding;
        this.transport = transport;
        this.permit = permit;
        this.http = http;
        this.exchange = new OpenExchange(transport, http, driver::pump);
        this.upgrades = new UpgradeDispatcher(config, transport, http, exchange, driver::switchTo);
        this.requests = new RequestDispatcher(config, transport, http, exchange, driver::pump);
    }

    void take(HttpEvent event) {
        if (event instanceof HttpEvent.Head head) {
            takeHead(head.request());
        } else if (event instanceof HttpEvent.Request request) {
            requests.take(request);
        } else if (event instanceof HttpEvent.WantsBody) {
            requests.continueBody();
        } else if (event instanceof HttpEvent.Refused refused) {
            record(refused.refusal());
        } else if (event instanceof HttpEvent.Cancelled) {
            exchange.cancel();
        }
    }

    /** Releases what the connection holds; called when it is closed. */
    void close() {
        requests.close();
    }

    private void record(HandshakeException refusal) {
        transport.counters().countRefused();
        exchange.refused();
        Recorder.here().refused(transport, target, refusal);
        String detail = refusal.detail();
        if (detail != null) {
            LOG.log(
                    Level.DEBUG,
                    "refused with {0}{1}: {2}",
                    refusal.toResponse().status(),
                    id(refusal),
                    detail);
        }
    }

    private static String id(HandshakeException refusal) {
        Violation violation = refusal.violation();
        return violation == null ? "" : " [" + violation.id() + "]";
    }

    private void takeHead(HttpRequest head) {
        target = null;
        exchange.beginRequest(null);
        try {
            if (!permit.isAdmitted()) {
                throw HandshakeException.refuse(503, "too many connections");
            }
            binding.checkHost(
                    head.authority(), transport.session(), config.proxies().isTrusted(remote()));
            TrustedProxies.Client from = config.proxies().client(head, remote(), transport.isSecure());
            if (!head.target().equals("*")) {
                route(head, PathSegments.of(head.path()), from);
            } else {
                exchange.respond(HttpTarget.ofServer());
            }
        } catch (HandshakeException refusal) {
            http.refuse(refusal, transport.nanoTime());
        } catch (Throwable broken) { // thrown by an origin policy, for instance
            OpenExchange.FAILURES.log("a request cannot be checked", broken);
            http.refuse(HandshakeException.refuse(500, "internal error"), transport.nanoTime());
        }
    }

    private @Nullable InetSocketAddress remote() {
        return transport.remoteAddress() instanceof InetSocketAddress inet ? inet : null;
    }

    private void route(HttpRequest head, List<String> segments, TrustedProxies.Client from) {
        Client client = new Client(from.address(), from.secure(), transport.session());
        Router.Match<UpgradeRoute> upgrade = config.router().upgrade(segments);
        if (upgrade != null && ServerHandshake.isUpgrade(head)) {
            target = upgrade.route().template().text();
            exchange.beginRequest(upgrade.route().meter());
            UpgradeRequest request = upgrade.route().handshake().check(head, from);
            if (config.proxies().isTrusted(remote()) && !claim(client)) {
                throw HandshakeException.refuse(503, "too many connections from this address");
            }
            upgrades.start(request, upgrade, client);
            return;
        }
        HttpTarget plain = HttpTarget.of(head, segments, config.router());
        Router.Match<HttpRoute> found = plain.match();
        if (found == null) {
            exchange.respond(Objects.requireNonNull(plain.response()));
            return;
        }
        PathTemplate template = found.route().template();
        target = template == null ? null : template.text();
        exchange.beginRequest(found.route().meter());
        requests.start(found, client);
    }

    /** Counts the connection for the client behind the proxy; returns whether it may go on. */
    private boolean claim(Client client) {
        return client.address() == null || permit.claim(client.address().getAddress());
    }
}
