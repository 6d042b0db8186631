package dev.tenon.ws.server;

import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.RequestViolation;
import dev.tenon.ws.handshake.ServerHandshake;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The target of a plain HTTP request: a route, or, if that is null, a response that follows from the routes. */
record HttpTarget(
        Router.@Nullable Match<HttpRoute> match, @Nullable HttpResponse response) {

    static HttpTarget of(HttpRequest head, List<String> segments, Router router) {
        Router.Match<HttpRoute> found = router.http(head.method(), segments);
        if (found != null) {
            boolean mayBeMissing = found.route().isOfFiles() && router.upgrade(segments) != null;
            return new HttpTarget(mayBeMissing ? orUpgradeRequired(found, head) : found, null);
        }
        String allowed = router.allowed(segments);
        if (!allowed.isEmpty()) {
            int status = head.method().equals("OPTIONS") ? 204 : 405;
            return new HttpTarget(null, HttpResponse.of(status, Headers.of("Allow", allowed)));
        }
        if (router.upgrade(segments) != null && !router.hasFallback()) {
            return new HttpTarget(null, upgradeRequired(head));
        }
        return new HttpTarget(new Router.Match<>(router.fallback(), Map.of()), null);
    }

    /** A WebSocket route is also found if there is no file at its path. */
    private static Router.Match<HttpRoute> orUpgradeRequired(Router.Match<HttpRoute> files, HttpRequest head) {
        return new Router.Match<>(files.route().withMissing(upgradeRequired(head)), files.parameters());
    }

    /** RFC 9110 §9.3.7. */
    static HttpResponse ofServer() {
        return HttpResponse.of(204, Headers.of("Allow", "GET, HEAD, OPTIONS"));
    }

    /** RFC 9110 §15.5.22. */
    private static HttpResponse upgradeRequired(HttpRequest head) {
        String hint = ServerHandshake.hint(head);
        String text = RequestViolation.UPGRADE_MISSING.description() + (hint == null ? "" : "; " + hint);
        return HttpResponse.text(426, text + "\n")
                .withHeader("Upgrade", "websocket")
                .withHeader("Connection", "Upgrade")
                .withHeader("Sec-WebSocket-Version", "13");
    }
}
