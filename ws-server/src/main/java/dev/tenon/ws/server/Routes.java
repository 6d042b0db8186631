package dev.tenon.ws.server;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which endpoint serves a path: an exact path first, then the longest prefix, then the first predicate that matches. */
record Routes(Map<String, Endpoint> exact, List<Matched> matched) {
    record Matched(Predicate<String> path, Endpoint endpoint) {}

    Routes {
        exact = Map.copyOf(exact);
        matched = List.copyOf(matched);
    }

    @Nullable
    Endpoint find(String path) {
        Endpoint endpoint = exact.get(path);
        if (endpoint != null) {
            return endpoint;
        }
        for (Matched candidate : matched) {
            if (candidate.path.test(path)) {
                return candidate.endpoint;
            }
        }
        return null;
    }

    /** Collects routes. Not thread-safe. */
    static final class Builder {
        private final Map<String, Endpoint> exact = new LinkedHashMap<>();
        private final Map<String, Endpoint> prefixes = new LinkedHashMap<>();
        private final List<Matched> matched = new ArrayList<>();

        void exact(String path, Endpoint endpoint) {
            add(exact, path, endpoint);
        }

        void prefix(String prefix, Endpoint endpoint) {
            add(prefixes, prefix, endpoint);
        }

        private static void add(Map<String, Endpoint> routes, String path, Endpoint endpoint) {
            if (!path.startsWith("/")) {
                throw new IllegalArgumentException("a path begins with a slash: " + path);
            }
            if (routes.putIfAbsent(path, endpoint) != null) {
                throw new IllegalArgumentException("the path " + path + " has an endpoint already");
            }
        }

        void matching(Predicate<String> path, Endpoint endpoint) {
            matched.add(new Matched(path, endpoint));
        }

        Routes build() {
            List<Matched> all = new ArrayList<>();
            prefixes.entrySet().stream()
                    .sorted(Comparator.comparingInt(entry -> -entry.getKey().length()))
                    .forEach(entry -> all.add(new Matched(path -> path.startsWith(entry.getKey()), entry.getValue())));
            all.addAll(matched);
            return new Routes(exact, all);
        }
    }
}
