package dev.tenon.ws.handshake;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Decides which web pages may connect (RFC 6455 §10.2). A browser lets any page connect to any server and sends the
 * origin of the page in the handshake, so the server must refuse. Requests without {@code Origin} do not come from
 * browsers. The policies here allow them: they protect against other pages only, not against other programs.
 *
 * <p>An empty {@code Origin} is not a missing one. RFC 6454 and Fetch do not let a browser send it, so something on the
 * way has removed the value, which may have been that of a page: only {@link #any()} allows it.
 *
 * <p>Policies are thread-safe; those of this interface compare by value.
 */
@FunctionalInterface
public interface OriginPolicy {
    /**
     * Decides about a request. The server refuses with 403.
     *
     * @param request a handshake that is valid in all other respects
     * @return whether it is allowed
     */
    boolean allows(UpgradeRequest request);

    /**
     * Explains a refusal for the log of this end ({@link HandshakeException#detail}). The peer never receives it.
     *
     * @param request a request that {@link #allows} has refused
     * @return a sentence without a full stop
     */
    default String explain(UpgradeRequest request) {
        return Origins.shown(request) + " was refused by the policy of this server";
    }

    /**
     * Allows only pages of the same host and port. A server without TLS allows {@code https} pages too, because a proxy
     * in front of it may terminate TLS.
     *
     * @return the default policy
     */
    static OriginPolicy sameOrigin() {
        return Origins.Fixed.SAME;
    }

    /**
     * Allows all pages.
     *
     * @return a policy that refuses nothing
     */
    static OriginPolicy any() {
        return Origins.Fixed.ANY;
    }

    /**
     * Allows only pages of the given origins. An entry has one of these forms:
     *
     * <ul>
     * <li>{@code https://example.org} or {@code http://localhost:3000}: scheme, host and port, in any case; the default
     * is the port of the scheme. A slash at the end is ignored.
     * <li>{@code https://*.example.org}: all subdomains of {@code example.org}, but not {@code example.org}.
     *   <li>{@code http://localhost:*}: any port.
     * <li>{@code null}: the origin that browsers send for sandboxed pages and files. Any page can sandbox itself and
     * then has this origin.
     * <li>{@code file://}, {@code capacitor://localhost}, {@code chrome-extension://id}, {@code http://device/page}:
     * the values of apps, browser extensions and devices. An entry with a path or without a host must equal the sent
     * value exactly.
     * </ul>
     *
     * @param origins the entries
     * @return a policy
     * @throws IllegalArgumentException if an entry could never match, such as {@code example.org} or
     *     {@code wss://example.org}; the message says how to correct it
     */
    static OriginPolicy of(String... origins) {
        Set<OriginPattern> patterns = new LinkedHashSet<>();
        for (String origin : origins) {
            patterns.add(OriginPattern.parse(origin));
        }
        return new Origins.Listed(Set.copyOf(patterns));
    }
}
