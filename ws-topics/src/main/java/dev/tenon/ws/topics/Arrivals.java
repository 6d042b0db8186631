package dev.tenon.ws.topics;

import dev.tenon.ws.connection.WebSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The connections that are joining a room, each once, in the order in which they came. Guarded by the room. */
final class Arrivals {
    /** A connection by its identity. */
    private record Key(WebSocket webSocket) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && key.webSocket == webSocket;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(webSocket);
        }
    }

    private final Map<Key, Arrival> all = new LinkedHashMap<>(4);
    private final Consumer<Arrival> onConnectionEnd;

    /**
     * No connections.
     *
     * @param onConnectionEnd is called without a lock when a connection ends while it is joining
     */
    Arrivals(Consumer<Arrival> onConnectionEnd) {
        this.onConnectionEnd = onConnectionEnd;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    List<Arrival> copy() {
        return List.copyOf(all.values());
    }

    /** Adds an arrival, whose connection must not be joining; returns false if the connection has ended. */
    boolean add(Arrival arrival) {
        all.put(new Key(arrival.webSocket), arrival);
        return Memberships.of(arrival.webSocket).arrive(arrival, () -> onConnectionEnd.accept(arrival));
    }

    /** The subscription for which a connection waits; null if it is not joining. */
    @Nullable
    CompletableFuture<Subscription> subscription(WebSocket webSocket) {
        Arrival arrival = all.get(new Key(webSocket));
        return arrival == null ? null : arrival.done;
    }

    /** Queues a live message for all of them; returns those for which a task must be scheduled. */
    List<Arrival> queue(Entry entry) {
        List<Arrival> woken = new ArrayList<>(0);
        for (Arrival arrival : all.values()) {
            if (arrival.queue(entry)) {
                woken.add(arrival);
            }
        }
        return woken;
    }

    /** Ends one of them. */
    void end(Arrival arrival) {
        all.remove(new Key(arrival.webSocket), arrival);
        ended(arrival);
    }

    private static void ended(Arrival arrival) {
        arrival.over = true;
        Memberships.of(arrival.webSocket).arrived(arrival);
    }

    /** Ends that of a connection, and returns it; null if it is not joining. */
    @Nullable
    Arrival end(WebSocket webSocket) {
        Arrival gone = all.remove(new Key(webSocket));
        if (gone != null) {
            ended(gone);
        }
        return gone;
    }

    /** Ends all of them, and returns them. */
    List<Arrival> endAll() {
        List<Arrival> gone = copy();
        gone.forEach(this::end);
        return gone;
    }
}
