package dev.tenon.ws.client.auth;

import java.net.Authenticator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The credentials that servers and proxies have accepted; drops the least recently used ones. Thread-safe. */
public final class CredentialCache {
    private static final int MAX_ENTRIES = 100;

    /** An authenticator and a server or proxy: a connect never uses the result of another authenticator. */
    record Key(Authenticator authenticator, String place) {}

    private final Map<Key, Credential> entries = new LinkedHashMap<>(16, 0.75f, true);

    synchronized @Nullable Credential get(Key key) {
        return entries.get(key);
    }

    synchronized void put(Key key, Credential credential) {
        entries.put(key, credential);
        if (entries.size() > MAX_ENTRIES) {
            entries.remove(entries.keySet().iterator().next());
        }
    }

    /** Removes a credential that was refused, unless another one has replaced it. */
    synchronized void remove(Key key, Credential credential) {
        entries.remove(key, credential);
    }
}
