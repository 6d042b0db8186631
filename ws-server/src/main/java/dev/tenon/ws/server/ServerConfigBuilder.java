package dev.tenon.ws.server;

import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HeadLimits;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpOptions;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.handshake.OriginPolicy;
import dev.tenon.ws.handshake.ServerHandshake;
import dev.tenon.ws.handshake.TrustedProxies;
import dev.tenon.ws.transport.SocketSettings;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Collects what a server shall do, and joins routes with the server's defaults at its start. Not thread-safe. */
final class ServerConfigBuilder {
    private static final System.Logger LOG = System.getLogger("dev.tenon.ws.server");
    private static final HttpHandler NOT_FOUND = request -> {
        String hint = ServerHandshake.hint(request.request());
        return HttpResponse.text(404, "Not found" + (hint == null ? "" : "; " + hint) + ".\n");
    };

    private record PendingUpgrade(PathTemplate template, Endpoint endpoint, RouteOptions options) {}

    private record PendingHttp(String method, PathTemplate template, HttpHandler handler, RouteOptions options) {}

    private final List<PendingUpgrade> upgrades = new ArrayList<>();
    private final List<PendingHttp> handlers = new ArrayList<>();

    @Nullable
    HttpHandler fallback;

    ConnectionOptions options = ConnectionOptions.DEFAULT;

    @Nullable
    Executor executor;

    @Nullable
    Extensions extensions;

    List<String> subprotocols = List.of();
    OriginPolicy origins = OriginPolicy.sameOrigin();
    HeadLimits headLimits = HeadLimits.DEFAULT;
    int maxBody = 1 << 20;
    Duration handshakeTimeout = Duration.ofSeconds(10);
    Duration responseTimeout = HttpOptions.DEFAULT.responseTimeout();
    int maxConnections = ConnectionLimiter.UNLIMITED;
    int maxPerAddress = ConnectionLimiter.UNLIMITED;
    TrustedProxies proxies = TrustedProxies.none();
    TrustedProxies proxyProtocol = TrustedProxies.none();
    SocketSettings sockets = SocketSettings.DEFAULT;

    void addUpgrade(String path, Endpoint endpoint, Consumer<RouteOptions> options) {
        PendingUpgrade pending = new PendingUpgrade(PathTemplate.parse(path), endpoint, optionsOf(options));
        upgrades.add(pending);
        checkOrRemove(upgrades);
    }

    void addHttp(String method, String path, HttpHandler handler, Consumer<RouteOptions> options) {
        new HttpRequest(method, "/", HttpVersion.HTTP_1_1, Headers.empty()); // refuses what is no method
        handlers.add(new PendingHttp(method, PathTemplate.parse(path), handler, optionsOf(options)));
        checkOrRemove(handlers);
    }

    private static RouteOptions optionsOf(Consumer<RouteOptions> options) {
        RouteOptions route = new RouteOptions();
        options.accept(route);
        return route;
    }

    /** Fails at once if the newest route cannot stand beside those before it. */
    private void checkOrRemove(List<?> newest) {
        try {
            router(Extensions.none());
        } catch (IllegalArgumentException conflict) {
            newest.remove(newest.size() - 1);
            throw conflict;
        }
    }

    ServerConfig build() {
        HttpOptions http = new HttpOptions(headLimits, handshakeTimeout, responseTimeout, handshakeTimeout);
        return new ServerConfig(
                router(extensions == null ? Extensions.load() : extensions),
                new HttpRoute(
                        null,
                        fallback == null ? NOT_FOUND : fallback,
                        fallback == null ? 0 : maxBody,
                        fallback == null ? null : executor,
                        responseTimeout),
                fallback != null,
                http,
                proxies,
                proxyProtocol,
                new ConnectionLimiter(maxConnections, maxPerAddress),
                new SharedUpgrade());
    }

    private static void declined(Object offer, String reason) {
        LOG.log(Level.DEBUG, "declined the extension {0}: {1}", offer, reason);
    }

    private Router router(Extensions loaded) {
        Router router = new Router();
        for (PendingUpgrade each : upgrades) {
            RouteOptions route = each.options();
            router.add(new UpgradeRoute(
                    each.template(),
                    each.endpoint(),
                    new ServerHandshake(
                            route.extensionsOr(loaded).withDeclineListener(ServerConfigBuilder::declined),
                            route.subprotocolsOr(subprotocols),
                            route.originsOr(origins)),
                    route.options(options),
                    route.executorOr(executor),
                    route.timeoutOr(responseTimeout)));
        }
        for (PendingHttp each : handlers) {
            RouteOptions route = each.options();
            boolean usuallyWithoutBody = each.method().equals("GET")
                    || each.method().equals("HEAD")
                    || each.method().equals("DELETE")
                    || each.method().equals("OPTIONS");
            router.add(
                    each.method(),
                    each.template(),
                    new HttpRoute(
                            each.template(),
                            each.handler(),
                            route.maxBodyOr(usuallyWithoutBody ? 0 : maxBody),
                            route.executorOr(executor),
                            route.timeoutOr(responseTimeout)));
        }
        return router;
    }
}
