package dev.tenon.ws.handshake;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Which scripts may connect (RFC 6455 §10.2). Browsers send their origin with every handshake and let any page connect
 * anywhere: it is for the server to refuse. Requests without {@code Origin} do not come from browsers, and the policies
 * here let them pass; they are no protection from anything else.
 *
 * <p>An {@code Origin} without a value is no absent one. Neither RFC 6454 nor Fetch lets a browser send it, so something on
 * the way has emptied it, and what it has taken away may have been a page: only {@link #any()} lets it pass.
 *
 * <p>Policies are thread-safe; those made here are values.
 */
@FunctionalInterface
public interface OriginPolicy {
    /**
     * Decides about a request. A refusal is a 403.
     *
     * @param request a good handshake in all else
     * @return whether it may go on
     */
    boolean allows(UpgradeRequest request);

    /**
     * Says what was compared with what, for the log of this end when a request was refused
     * ({@link HandshakeException#detail}). The peer is not told.
     *
     * @param request a request that {@link #allows} has refused
     * @return a sentence without an end mark
     */
    default String explain(UpgradeRequest request) {
        return Origins.shown(request) + " was refused by the policy of this server";
    }

    /**
     * Only pages of the host and port that is connected to. A server that is not TLS itself takes {@code https} pages
     * too, because a proxy in front of it may be.
     *
     * @return the default policy
     */
    static OriginPolicy sameOrigin() {
        return Origins.Fixed.SAME;
    }

    /**
     * Pages of anyone.
     *
     * @return a policy that refuses nothing
     */
    static OriginPolicy any() {
        return Origins.Fixed.ANY;
    }

    /**
     * Only pages of the given origins. An entry is one of these:
     *
     * <ul>
     *   <li>{@code https://example.org} or {@code http://localhost:3000}: scheme, host and port, in any case, with the port of
     *       the scheme where none is given. A slash at the end changes nothing.
     *   <li>{@code https://*.example.org}: all hosts below {@code example.org}, not that itself.
     *   <li>{@code http://localhost:*}: any port.
     *   <li>{@code null}: what browsers send for sandboxed pages and files. Any page can make itself such a one.
     *   <li>{@code file://}, {@code capacitor://localhost}, {@code chrome-extension://id}, {@code http://device/page}: what
     *       apps, extensions and devices send that is no origin of the web. With a path or without a host, it has to be
     *       exactly what they send.
     * </ul>
     *
     * @param origins the entries
     * @return a policy
     * @throws IllegalArgumentException if an entry could never match, such as {@code example.org} or
     *     {@code wss://example.org}; the message says what to write
     */
    static OriginPolicy of(String... origins) {
        Set<OriginPattern> patterns = new LinkedHashSet<>();
        for (String origin : origins) {
            patterns.add(OriginPattern.parse(origin));
        }
        return new Origins.Listed(Set.copyOf(patterns));
    }
}
