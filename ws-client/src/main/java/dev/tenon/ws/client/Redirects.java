package dev.tenon.ws.client;

import dev.tenon.ws.client.RedirectPolicy.Redirect;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.WebSocketUri;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The redirects of one connect: their targets, and the headers that are sent there.
 *
 * @param policy the user's policy
 * @param left how many more may be followed
 */
record Redirects(RedirectPolicy policy, int left) {
    Redirects(RedirectPolicy policy) {
        this(policy, policy.max());
    }

    Redirects next() {
        return new Redirects(policy, left - 1);
    }

    /**
     * The target of a redirect.
     *
     * @return the target, or null if the refusal is no redirect, or none are followed
     * @throws HandshakeException with the response, if it must not be followed
     */
    @Nullable
    WebSocketUri target(WebSocketUri from, HandshakeException refusal) {
        String location = refusal.location();
        if (location == null || refusal.response() == null || policy.max() == 0) {
            return null;
        }
        if (left == 0) {
            throw new HandshakeException("the server redirects too often", refusal.response());
        }
        WebSocketUri target;
        try {
            target = from.resolve(location);
        } catch (IllegalArgumentException e) { // its message quotes the location, which may hold an access token
            throw new HandshakeException("the server redirects to a URI that is not for WebSocket", refusal.response());
        }
        if (from.secure() && !target.secure()) {
            throw new HandshakeException(
                    "the server redirects from wss to ws, which is not followed", refusal.response());
        }
        if (!policy.allowed().test(new Redirect(from.toString(), target.toString(), refusal.response()))) {
            throw new HandshakeException(
                    "the redirect to " + target.origin() + " is not allowed by the client's policy",
                    refusal.response());
        }
        return target;
    }

    static boolean crossesOrigin(WebSocketUri from, WebSocketUri to) {
        return !from.origin().equals(to.origin());
    }

    /** The headers that may be sent to another origin. */
    Headers carried(Headers headers) {
        Headers.Builder carried = Headers.builder();
        headers.toMap().forEach((name, values) -> {
            if (policy.carries(name)) {
                values.forEach(value -> carried.add(name, value));
            }
        });
        return carried.build();
    }

    /** The subprotocols that may be sent to another origin. */
    List<String> carried(List<String> subprotocols) {
        return policy.carries("Sec-WebSocket-Protocol") ? subprotocols : List.of();
    }
}
