package dev.tenon.ws.server;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The hosts that a server serves. An attacker's host name may resolve to this server (DNS rebinding): a browser then
 * takes the attacker's page and this server for the same origin. The requests of such a page name the attacker's host,
 * and are refused. Immutable.
 */
final class HostPolicy {
    private static final Pattern NAME = Pattern.compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)*");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    /** For a listener on a loopback address. */
    static final HostPolicy LOOPBACK = of(List.of("localhost", "*.localhost"));

    static final HostPolicy ANY = new HostPolicy(Set.of(), List.of(), true);

    private final Set<String> names;
    /** Each one begins with a dot. */
    private final List<String> suffixes;

    private final boolean any;

    private HostPolicy(Set<String> names, List<String> suffixes, boolean any) {
        this.names = Set.copyOf(names);
        this.suffixes = List.copyOf(suffixes);
        this.any = any;
    }

    /** A policy of names and wildcards such as {@code *.example.com}. It always allows address literals. */
    static HostPolicy of(List<String> hosts) {
        Set<String> names = new HashSet<>();
        Set<String> suffixes = new HashSet<>();
        for (String host : hosts) {
            String lower = host.toLowerCase(Locale.ROOT);
            boolean wildcard = lower.startsWith("*.");
            if (lower.equals("*")) {
                return ANY;
            }
            if (!NAME.matcher(wildcard ? lower.substring(2) : lower).matches()) {
                throw new IllegalArgumentException(
                        "a host is a name such as example.com, or *.example.com, or * for any,"
                                + " without a scheme and a port, not \"" + host + "\"");
            }
            if (wildcard) {
                suffixes.add(lower.substring(1));
            } else {
                names.add(lower);
            }
        }
        return new HostPolicy(names, List.copyOf(suffixes), false);
    }

    /** Whether requests for an authority are served. Requests without one, as in HTTP/1.0, do not come from browsers. */
    boolean allows(@Nullable String authority) {
        if (any || authority == null || authority.isEmpty()) {
            return true;
        }
        String host = hostOf(authority);
        return isAddress(host)
                || names.contains(host)
                || suffixes.stream().anyMatch(suffix -> host.length() > suffix.length() && host.endsWith(suffix));
    }

    /** The host of an authority, in lower case and without the dot at the end of a full name. */
    static String hostOf(String authority) {
        int bracket = authority.indexOf(']');
        int colon = authority.indexOf(':', Math.max(bracket, 0));
        String host = (colon < 0 ? authority : authority.substring(0, colon)).toLowerCase(Locale.ROOT);
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    static boolean isAddress(String host) {
        return host.startsWith("[") || IPV4.matcher(host).matches();
    }
}
