package dev.tenon.ws.server;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which endpoint serves a path: an exact path first, then the first predicate that matches. */
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
}
