package dev.tenon.ws.handshake;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Which scripts may connect (RFC 6455 §10.2). Browsers send their origin with every handshake and let any page connect
 * anywhere: it is for the server to refuse. Requests without {@code Origin} do not come from browsers, and the policies
 * here let them pass; they are no protection from anything else.
 *
 * <p>Policies are thread-safe; those made here are values.
 */
@FunctionalInterface
public interface OriginPolicy {
    /**
     * Judges a request. Refused is answered with 403.
     *
     * @param request a good handshake in all else
     * @return whether it may go on
     */
    boolean allows(UpgradeRequest request);

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
     * Only pages of the given origins.
     *
     * @param origins for example {@code https://example.org}, {@code http://localhost:3000}; {@code null} written as
     *     text stands for the origin of sandboxed pages and files
     * @return a policy
     * @throws IllegalArgumentException if one is not a scheme, a host and perhaps a port
     */
    static OriginPolicy of(String... origins) {
        Set<String> normalized = new LinkedHashSet<>();
        for (String origin : origins) {
            String normal = Origins.normalize(origin);
            if (normal == null) {
                throw new IllegalArgumentException("an origin is scheme://host or scheme://host:port without a path,"
                        + " not " + HttpSyntax.quoted(origin));
            }
            normalized.add(normal);
        }
        return new Origins.Listed(Set.copyOf(normalized));
    }
}
