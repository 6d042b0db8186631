package dev.tenon.ws.handshake;

import java.util.Set;
import java.util.stream.Collectors;

/** The policies of {@link OriginPolicy} (RFC 6454 §5). */
final class Origins {
    private static final int SHOWN = 20;

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

            @Override
            public String explain(UpgradeRequest request) {
                return shown(request) + " is not that of this server, which was asked for as "
                        + HttpSyntax.quoted(request.authority()) + (request.secure() ? " by TLS" : " without TLS");
            }
        }
    }

    record Listed(Set<OriginPattern> patterns) implements OriginPolicy {
        @Override
        public boolean allows(UpgradeRequest request) {
            String origin = request.origin();
            if (origin == null) {
                return true;
            }
            Origin parsed = Origin.parse(origin);
            return patterns.stream().anyMatch(pattern -> pattern.matches(origin, parsed));
        }

        @Override
        public String explain(UpgradeRequest request) {
            return shown(request) + " is none of those that are listed: "
                    + patterns.stream()
                            .map(OriginPattern::toString)
                            .sorted()
                            .limit(SHOWN)
                            .collect(Collectors.joining(", "))
                    + (patterns.size() > SHOWN ? " and " + (patterns.size() - SHOWN) + " more" : "");
        }
    }

    static String shown(UpgradeRequest request) {
        String origin = request.origin();
        return "the origin " + (origin == null ? "(none)" : HttpSyntax.quoted(origin));
    }

    private static boolean isSame(String text, UpgradeRequest request) {
        Origin page = Origin.parse(text);
        Authority own = Authority.parse(request.authority());
        if (page == null || own == null) {
            return false;
        }
        boolean https = page.scheme().equals("https");
        if (!https && (!page.scheme().equals("http") || request.secure())) {
            return false;
        }
        return page.host().equals(own.host()) && page.port() == own.portOr(https ? 443 : 80);
    }
}
