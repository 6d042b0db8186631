package dev.tenon.ws.handshake;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The policies of {@link OriginPolicy}, and how origins are compared (RFC 6454 §4, §5). */
final class Origins {
    private Origins() {}

    enum Fixed implements OriginPolicy {
        ANY {
            @Override
            public boolean allows(UpgradeRequest request) {
                return true;
            }
        },
        SAME {
            @Override
            public boolean allows(UpgradeRequest request) {
                String origin = request.origin();
                return origin == null || isSame(origin, request);
            }
        }
    }

    record Listed(Set<String> origins) implements OriginPolicy {
        @Override
        public boolean allows(UpgradeRequest request) {
            String origin = request.origin();
            if (origin == null) {
                return true;
            }
            String normal = normalize(origin);
            return normal != null && origins.contains(normal);
        }
    }

    private static boolean isSame(String origin, UpgradeRequest request) {
        int colon = origin.indexOf("://");
        boolean https = origin.regionMatches(true, 0, "https", 0, colon) && colon == 5;
        boolean http = origin.regionMatches(true, 0, "http", 0, colon) && colon == 4;
        if (!https && (!http || request.secure())) {
            return false;
        }
        Authority page = Authority.parse(origin.substring(colon + 3));
        Authority own = Authority.parse(request.authority());
        int defaultPort = https ? 443 : 80;
        return page != null
                && own != null
                && page.host().equals(own.host())
                && page.portOr(defaultPort) == own.portOr(defaultPort);
    }

    /** Scheme and host in lower case, and no default port; null if the text is not an origin. */
    static @Nullable String normalize(String origin) {
        if (origin.equals("null")) {
            return origin;
        }
        int colon = origin.indexOf("://");
        if (colon < 1) {
            return null;
        }
        String scheme = origin.substring(0, colon).toLowerCase(Locale.ROOT);
        Authority authority = Authority.parse(origin.substring(colon + 3));
        if (authority == null || !isScheme(scheme)) {
            return null;
        }
        int defaultPort = scheme.equals("https") ? 443 : scheme.equals("http") ? 80 : -1;
        int port = authority.portOr(defaultPort);
        return scheme + "://" + authority.host() + (port == defaultPort ? "" : ":" + port);
    }

    private static boolean isScheme(String scheme) {
        return HttpSyntax.isToken(scheme) && scheme.charAt(0) >= 'a' && scheme.charAt(0) <= 'z';
    }
}
