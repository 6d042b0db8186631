package dev.tenon.ws.topics;

import dev.tenon.ws.connection.WebSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The members that have entered topics by one connection, each at most once. They leave when it ends. Thread-safe. It
 * calls the presence without its lock, because that calls watchers.
 */
final class ConnectionStays {
    private static final ConnectionValue<ConnectionStays> VALUE =
            new ConnectionValue<>("stays", unused -> new ConnectionStays(), ConnectionStays::end);

    private record Key(Presence presence, String topic, String member) {}

    // Guarded by this.
    private final Map<Key, CompletableFuture<Presence.Stay>> stays = new HashMap<>(4);
    private boolean ended;

    private ConnectionStays() {}

    static CompletionStage<@Nullable Void> enter(Presence presence, String topic, String member, WebSocket webSocket) {
        return VALUE.of(webSocket).enter(new Key(presence, topic, member));
    }

    static CompletionStage<@Nullable Void> leave(Presence presence, String topic, String member, WebSocket webSocket) {
        ConnectionStays known = VALUE.find(webSocket);
        return known == null ? CompletableFuture.completedStage(null) : known.leave(new Key(presence, topic, member));
    }

    private CompletionStage<@Nullable Void> enter(Key key) {
        CompletableFuture<Presence.Stay> fresh = new CompletableFuture<>();
        synchronized (this) {
            if (ended) {
                return CompletableFuture.completedStage(null);
            }
            CompletableFuture<Presence.Stay> known = stays.putIfAbsent(key, fresh);
            if (known != null) {
                return known.thenCompose(Presence.Stay::entered);
            }
        }
        try {
            Presence.Stay stay = key.presence.enter(key.topic, key.member);
            fresh.complete(stay);
            return stay.entered();
        } catch (RuntimeException refused) { // the name of the member, for example
            var unused = remove(key);
            fresh.completeExceptionally(refused);
            throw refused;
        }
    }

    private CompletionStage<@Nullable Void> leave(Key key) {
        CompletableFuture<Presence.Stay> stay = remove(key);
        return stay == null ? CompletableFuture.completedStage(null) : stay.thenCompose(Presence.Stay::leave);
    }

    private synchronized @Nullable CompletableFuture<Presence.Stay> remove(Key key) {
        return stays.remove(key);
    }

    private void end() {
        List<CompletableFuture<Presence.Stay>> all;
        synchronized (this) {
            ended = true;
            all = List.copyOf(stays.values());
            stays.clear();
        }
        for (CompletableFuture<Presence.Stay> stay : all) {
            var unused = stay.thenAccept(Presence.Stay::leave);
        }
    }
}
