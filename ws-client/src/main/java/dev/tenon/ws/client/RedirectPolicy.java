package dev.tenon.ws.client;

import dev.tenon.ws.handshake.HttpResponse;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides which redirects are followed, and what the new request contains (RFC 6455 §4.1, RFC 9110 §15.4). Immutable.
 *
 * <p>The client follows 301, 302, 303, 307 and 308 to {@code ws:}, {@code wss:}, {@code http:} or {@code https:} URIs,
 * where {@code http:} means {@code ws:}; never from {@code wss:} to {@code ws:}. A request to another origin (scheme,
 * host and port) has no header, no cookie set by hand, no {@code Authorization} and no subprotocol of the original
 * request, because any of them may hold an access token, except those that the policy lists by name. They stay removed
 * if a later redirect leads back.
 *
 * @param max how many redirects are followed in a row; with 0 the connect fails with the redirect's response
 * @param carried names of headers, in lower case, that may be sent to another origin; {@code sec-websocket-protocol}
 *     means the subprotocols
 * @param allowed whether to follow a redirect; called on an event loop, must not block
 */
public record RedirectPolicy(int max, Set<String> carried, Predicate<Redirect> allowed) {
    /** Follows no redirects. */
    public static final RedirectPolicy NONE = new RedirectPolicy(0, Set.of(), redirect -> true);

    /**
     * A redirect.
     *
     * @param from the URI of the request
     * @param to the URI of the target
     * @param response the redirecting response
     */
    public record Redirect(String from, String to, HttpResponse response) {
        /**
         * The redirect for logs, without the URIs, which may hold access tokens.
         *
         * @return the status
         */
        @Override
        public String toString() {
            return "Redirect[" + response.status() + "]";
        }
    }

    /**
     * A policy.
     *
     * @param max how many redirects are followed
     * @param carried names of headers that may be sent to another origin
     * @param allowed whether to follow a redirect
     * @throws IllegalArgumentException if {@code max} is negative
     */
    public RedirectPolicy {
        if (max < 0) {
            throw new IllegalArgumentException("a number of redirects is not negative: " + max);
        }
        carried = carried.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Follows redirects.
     *
     * @param max how many in a row
     * @return a policy
     * @throws IllegalArgumentException if it is negative
     */
    public static RedirectPolicy follow(int max) {
        return new RedirectPolicy(max, NONE.carried, NONE.allowed);
    }

    /**
     * Returns this policy with more headers that may be sent to another origin.
     *
     * @param names names of headers of the request; {@code Sec-WebSocket-Protocol} for its subprotocols
     * @return a new policy
     */
    public RedirectPolicy withCarried(String... names) {
        Stream<String> more = Arrays.stream(names);
        return new RedirectPolicy(
                max, Stream.concat(carried.stream(), more).collect(Collectors.toUnmodifiableSet()), allowed);
    }

    /**
     * Returns this policy with a condition.
     *
     * @param allowed whether to follow a redirect; if not, the connect fails with its response
     * @return a new policy
     */
    public RedirectPolicy withAllowed(Predicate<Redirect> allowed) {
        return new RedirectPolicy(max, carried, allowed);
    }

    boolean carries(String header) {
        return carried.contains(header.toLowerCase(Locale.ROOT));
    }
}
