package dev.tenon.ws.client;

import dev.tenon.ws.handshake.HttpResponse;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which redirects are followed, and what goes along (RFC 6455 §4.1, RFC 9110 §15.4). Immutable.
 *
 * <p>Followed are 301, 302, 303, 307 and 308 to {@code ws:}, {@code wss:}, {@code http:} or {@code https:} URIs, the latter
 * two read as the former; never from {@code wss:} to {@code ws:}. To another origin (scheme, host and port) nothing of the
 * request goes along: no header, no cookie set by hand, no {@code Authorization}, no subprotocol, because subprotocols and
 * headers of any name carry tokens. What may go along is listed by name. What was left out stays out, also if a later
 * redirect leads back.
 *
 * @param max how many redirects are followed one after the other; 0 makes each one a failure with the response in it
 * @param carried names of headers, in lower case, that may go to another origin; {@code sec-websocket-protocol} stands for
 *     the subprotocols
 * @param allowed asked about each redirect before it is followed; called on an event loop, must not block
 */
public record RedirectPolicy(int max, Set<String> carried, Predicate<Redirect> allowed) {
    /** Follows none. */
    public static final RedirectPolicy NONE = new RedirectPolicy(0, Set.of(), redirect -> true);

    /**
     * A redirect that is about to be followed.
     *
     * @param from the URI that was asked for
     * @param to the URI that it redirects to
     * @param response the response that redirects
     */
    public record Redirect(String from, String to, HttpResponse response) {
        /**
         * Names neither URI, because both may hold tokens.
         *
         * @return the status alone
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
     * @param carried names of headers that may go to another origin
     * @param allowed asked about each redirect
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
     * @param max how many one after the other
     * @return a policy
     * @throws IllegalArgumentException if it is negative
     */
    public static RedirectPolicy follow(int max) {
        return new RedirectPolicy(max, NONE.carried, NONE.allowed);
    }

    /**
     * This policy, with more that may go to another origin.
     *
     * @param names names of headers of the request; {@code Sec-WebSocket-Protocol} for its subprotocols
     * @return a new policy
     */
    public RedirectPolicy withCarried(String... names) {
        return new RedirectPolicy(max, Set.copyOf(Arrays.asList(names)), allowed);
    }

    /**
     * This policy, with a veto.
     *
     * @param allowed whether a redirect is followed; if not, it is a failure with the response in it
     * @return a new policy
     */
    public RedirectPolicy withAllowed(Predicate<Redirect> allowed) {
        return new RedirectPolicy(max, carried, allowed);
    }

    boolean carries(String header) {
        return carried.contains(header.toLowerCase(Locale.ROOT));
    }
}
