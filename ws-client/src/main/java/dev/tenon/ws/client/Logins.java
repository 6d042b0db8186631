package dev.tenon.ws.client;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The credentials that servers and proxies have asked for, each kept for the one that did. Thread-safe. */
final class Logins {
    private static final int MOST = 100;

    private final Map<String, Credential> known = new LinkedHashMap<>(16, 0.75f, true);

    synchronized @Nullable Credential of(String place) {
        return known.get(place);
    }

    synchronized void remember(String place, Credential credential) {
        known.put(place, credential);
        if (known.size() > MOST) {
            known.remove(known.keySet().iterator().next());
        }
    }

    /** Forgets a credential that was not taken, unless there is another one meanwhile. */
    synchronized void forget(String place, Credential credential) {
        known.remove(place, credential);
    }
}
