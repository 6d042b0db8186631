package dev.tenon.ws.server;

import dev.tenon.ws.connection.Upgrade;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.handshake.Agreement;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpConnection;
import dev.tenon.ws.handshake.HttpEvent;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.ServerHandshake;
import dev.tenon.ws.handshake.TrustedProxies;
import dev.tenon.ws.handshake.UpgradeRequest;
import dev.tenon.ws.transport.Link;
import dev.tenon.ws.transport.RateLimitedLog;
import dev.tenon.ws.transport.Recorder;
import dev.tenon.ws.transport.WebSocketProtocol;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Brings the requests of one connection to endpoints and handlers, and their responses back. Belongs to the link's event
 * loop.
 */
final class Dispatcher {
    private static final System.Logger LOG = System.getLogger("dev.tenon.ws.server");
    private static final RateLimitedLog FAILURES = new RateLimitedLog(LOG, Level.ERROR);

    private final ServerConfig config;
    private final Binding binding;
    private final Link link;
    private final ConnectionLimiter.Permit permit;
    private final HttpConnection http;
    private final HttpDriver driver;

    /** What the newest request was routed to, for the record; never the path itself, which may hold secrets. */
    private @Nullable String target;

    private @Nullable Client client;
    /** The host that the client asked its proxies for, if they are believed in that. */
    private @Nullable String authority;

    private Router.@Nullable Match<HttpRoute> match;
    private @Nullable Exchange exchange;

    Dispatcher(
            ServerConfig config,
            Binding binding,
            Link link,
            ConnectionLimiter.Permit permit,
            HttpConnection http,
            HttpDriver driver) {
        this.config = config;
        this.binding = binding;
        this.link = link;
        this.permit = permit;
        this.http = http;
        this.driver = driver;
    }

    void take(HttpEvent event) {
        if (event instanceof HttpEvent.Head head) {
            takeHead(head.request());
        } else if (event instanceof HttpEvent.Request request) {
            takeRequest(request);
        } else if (event instanceof HttpEvent.Refused refused) {
            record(refused.refusal());
        } else if (event instanceof HttpEvent.Cancelled && exchange != null) {
            exchange.cancel();
        }
    }

    private void record(HandshakeException refusal) {
        link.loop().counters().countRefused();
        int status = refusal.answer().status();
        Recorder.here().refused(link, target, status, Objects.requireNonNullElse(refusal.getMessage(), ""));
        String detail = refusal.detail();
        if (detail != null) {
            LOG.log(Level.DEBUG, "refused with {0}: {1}", status, detail);
        }
    }

    private void takeHead(HttpRequest head) {
        target = null;
        try {
            if (!permit.isAdmitted()) {
                throw HandshakeException.refuse(503, "too many connections");
            }
            binding.checkHost(head.authority(), link.session(), config.proxies().isTrusted(remote()));
            TrustedProxies.Client known = config.proxies().client(head, remote(), link.isSecure());
            Client from = new Client(known.address(), known.secure(), link.session());
            client = from;
            authority = known.authority();
            if (!head.target().equals("*")) {
                route(head, PathSegments.of(head.path()), from);
            } else {
                respond(HttpResponse.of(204, Headers.of("Allow", "GET, HEAD, OPTIONS")));
            }
        } catch (HandshakeException refusal) {
            http.refuse(refusal, link.nanoTime());
        } catch (Throwable broken) { // by an origin policy, say
            FAILURES.log("a request cannot be checked", broken);
            http.refuse(HandshakeException.refuse(500, "internal error"), link.nanoTime());
        }
    }

    private @Nullable InetSocketAddress remote() {
        return link.remoteAddress() instanceof InetSocketAddress inet ? inet : null;
    }

    private void route(HttpRequest head, List<String> segments, Client from) {
        Router.Match<UpgradeRoute> upgrade = config.router().upgrade(segments);
        if (upgrade != null && ServerHandshake.isUpgrade(head)) {
            startUpgrade(head, upgrade, from);
            return;
        }
        Router.Match<HttpRoute> found = config.router().http(head.method(), segments);
        if (found == null) {
            String allowed = config.router().allowed(segments);
            if (!allowed.isEmpty()) {
                int status = head.method().equals("OPTIONS") ? 204 : 405;
                respond(HttpResponse.of(status, Headers.of("Allow", allowed)));
                return;
            }
            if (upgrade != null && !config.router().hasFallback()) {
                respond(upgradeRequired(head));
                return;
            }
            found = new Router.Match<>(config.router().fallback(), Map.of());
        }
        match = found;
        PathTemplate template = found.route().template();
        target = template == null ? null : template.text();
        http.responseTimeout(found.route().values().responseTimeout(), link.nanoTime());
        http.readBody(found.route().values().maxBody(), link.nanoTime());
    }

    private void respond(HttpResponse response) {
        http.respond(response, link.nanoTime());
    }

    /** RFC 9110 §15.5.22. */
    private static HttpResponse upgradeRequired(HttpRequest head) {
        String hint = ServerHandshake.hint(head);
        String text = "only WebSocket connections are accepted here" + (hint == null ? "" : "; " + hint);
        HttpResponse response = HttpResponse.text(426, text + "\n");
        return response.withHeaders(response.headers().toBuilder()
                .add("Upgrade", "websocket")
                .add("Connection", "Upgrade")
                .add("Sec-WebSocket-Version", "13")
                .build());
    }

    // WebSocket

    private void startUpgrade(HttpRequest head, Router.Match<UpgradeRoute> found, Client from) {
        UpgradeRoute route = found.route();
        target = route.template().text();
        UpgradeRequest request =
                route.handshake().check(head, new TrustedProxies.Client(from.address(), from.secure(), authority));
        if (config.proxies().isTrusted(remote()) && !claim(from)) {
            throw HandshakeException.refuse(503, "too many connections from this address");
        }
        UpgradeExchange upgrade = new UpgradeExchange(request, found.parameters(), from);
        exchange = upgrade;
        http.responseTimeout(route.values().responseTimeout(), link.nanoTime());
        new ExchangeCall<>(
                        link,
                        route.values().executor(),
                        () -> route.endpoint().upgrade(upgrade),
                        (response, failure) -> finish(upgrade, () -> decided(route, upgrade, response, failure)))
                .run();
    }

    /** Counts the connection for the client behind the proxy. */
    private boolean claim(Client from) {
        return from.address() == null || permit.claim(from.address().getAddress());
    }

    /** Goes on with a result. Called from callbacks of stages, which swallow exceptions: none may escape. */
    private void finish(Exchange finished, Runnable result) {
        try {
            if (exchange == finished && http.awaitsResponse() && !link.isClosed()) {
                exchange = null;
                result.run();
                driver.pump();
            }
        } catch (Throwable broken) {
            FAILURES.log("a response cannot be sent", broken);
            link.failed(broken);
        }
    }

    private void decided(
            UpgradeRoute route,
            UpgradeExchange upgrade,
            @Nullable UpgradeResponse response,
            @Nullable Throwable failure) {
        try {
            if (failure != null) {
                throw failure;
            }
            if (!(response instanceof DecidedUpgrade decided) || decided.exchange() != upgrade) {
                throw new IllegalStateException(
                        "the endpoint has returned " + response + ", not its exchange's response");
            }
            HttpResponse refusal = decided.refusal();
            if (refusal != null) {
                throw new HandshakeException("refused by the endpoint", refusal);
            }
            open(route, upgrade, decided);
        } catch (HandshakeException refusal) {
            refuse(refusal);
        } catch (Throwable broken) {
            FAILURES.log("the endpoint of " + route.template().text() + " has failed", broken);
            refuse(HandshakeException.refuse(500, "internal error"));
        }
    }

    /** Everything that may fail comes before the 101. */
    private void open(UpgradeRoute route, UpgradeExchange upgrade, DecidedUpgrade decided) {
        Agreement agreement = route.accept(upgrade.upgradeRequest(), decided.subprotocol(), decided.headers());
        Upgrade settled = config.upgrades()
                .sharing(new Upgrade(agreement.url(), agreement.subprotocol(), agreement.extensions()));
        Executor executor = decided.executor() == null ? route.values().executor() : decided.executor();
        WebSocketProtocol session = WebSocketProtocol.create(
                link,
                Role.SERVER,
                route.values().options(),
                settled,
                Objects.requireNonNull(decided.listener()),
                executor);
        ByteBuffer held = http.upgrade(agreement.response());
        driver.switchTo(session, held);
    }

    private void refuse(HandshakeException refusal) {
        try {
            http.refuse(refusal, link.nanoTime());
        } catch (IllegalStateException broken) {
            FAILURES.log("the response of a refusal cannot be sent", broken);
            http.refuse(HandshakeException.refuse(500, "internal error"), link.nanoTime());
        }
    }

    // Plain HTTP

    private void takeRequest(HttpEvent.Request event) {
        Router.Match<HttpRoute> found = Objects.requireNonNull(match);
        HttpRoute route = found.route();
        HttpExchange request =
                new HttpExchange(event.request(), found.parameters(), Objects.requireNonNull(client), event.body());
        exchange = request;
        new ExchangeCall<>(
                        link,
                        route.values().executor(),
                        () -> route.handler().handleAsync(request),
                        (response, failure) -> finish(request, () -> responded(response, failure)))
                .run();
    }

    private void responded(@Nullable HttpResponse response, @Nullable Throwable failure) {
        if (failure instanceof HandshakeException refusal) {
            refuse(refusal);
            return;
        }
        try {
            if (response != null) {
                respond(response);
                return;
            }
            FAILURES.log("the HTTP handler of " + target + " has failed", failure);
        } catch (IllegalStateException broken) {
            FAILURES.log("the response of the HTTP handler of " + target + " cannot be sent", broken);
        }
        refuse(HandshakeException.refuse(500, "internal error"));
    }
}
