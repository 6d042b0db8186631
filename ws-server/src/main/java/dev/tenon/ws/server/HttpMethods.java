package dev.tenon.ws.server;

import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpVersion;
import java.util.Locale;
import java.util.Set;

/** The meaning of HTTP methods for routes (RFC 9110 §9). */
final class HttpMethods {
    private static final Set<String> STANDARD =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE");
    private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "DELETE", "OPTIONS");

    private HttpMethods() {}

    /**
     * Checks the method of a route.
     *
     * @throws IllegalArgumentException if it is no token, or a standard method in another case, which no request has
     */
    static void check(String method) {
        new HttpRequest(method, "/", HttpVersion.HTTP_1_1, Headers.empty()); // throws if it is no token
        String upper = method.toUpperCase(Locale.ROOT);
        if (!upper.equals(method) && STANDARD.contains(upper)) {
            throw new IllegalArgumentException("the case of a method matters: write " + upper + ", not " + method);
        }
        if (method.equals("CONNECT")) {
            throw new IllegalArgumentException("CONNECT has no path, so it has no route");
        }
    }

    /** Whether requests with this method have no body as a rule. */
    static boolean isWithoutBody(String method) {
        return WITHOUT_BODY.contains(method);
    }
}
