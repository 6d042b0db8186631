package dev.tenon.ws.client;

import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.WebSocketUri;
import org.jspecify.annotations.Nullable;

/** Where a redirect leads (RFC 6455 §4.1, RFC 9110 §15.4), and what may go there. */
final class Redirects {
    private Redirects() {}

    /**
     * The target of a redirect.
     *
     * @param left how many redirects may still be followed
     * @return the target, or null if the refusal is none
     * @throws HandshakeException with the response, if it must not be followed
     */
    static @Nullable WebSocketUri target(WebSocketUri from, HandshakeException refusal, int left) {
        String location = refusal.location();
        if (location == null) {
            return null;
        }
        if (left == 0) {
            throw new HandshakeException("the server redirects too often", refusal.response());
        }
        WebSocketUri target;
        try {
            target = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new HandshakeException(
                    "the server redirects to where no WebSocket can be: " + e.getMessage(), refusal.response());
        }
        if (from.secure() && !target.secure()) {
            throw new HandshakeException(
                    "the server redirects from wss to ws, which is not followed", refusal.response());
        }
        return target;
    }

    /** The headers that may go on to the target: to another origin no credentials. */
    static Headers headers(Headers headers, WebSocketUri from, WebSocketUri to) {
        if (from.origin().equals(to.origin())) {
            return headers;
        }
        return headers.toBuilder().remove("Authorization").remove("Cookie").build();
    }
}
