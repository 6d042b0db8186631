package dev.tenon.ws.topics;

import dev.tenon.ws.connection.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The connections that are joining a room. Guarded by the room. */
final class Arrivals {
    private final List<Arrival> all = new ArrayList<>();

    boolean isEmpty() {
        return all.isEmpty();
    }

    List<Arrival> copy() {
        return List.copyOf(all);
    }

    void add(Arrival arrival) {
        all.add(arrival);
    }

    /** The subscription for which a connection waits; null if it is not joining. */
    @Nullable
    CompletableFuture<Subscription> subscription(WebSocket webSocket) {
        for (Arrival arrival : all) {
            if (arrival.webSocket == webSocket) {
                return arrival.done;
            }
        }
        return null;
    }

    /** Queues a live message for all of them; returns those for which a task must be scheduled. */
    List<Arrival> queue(Entry entry) {
        List<Arrival> woken = new ArrayList<>(0);
        for (Arrival arrival : all) {
            if (!arrival.queue(entry)) {
                Arrival.tryAgainLater(arrival.webSocket);
            } else if (arrival.claimTask()) {
                woken.add(arrival);
            }
        }
        return woken;
    }

    /** Ends one of them. */
    void end(Arrival arrival) {
        arrival.over = true;
        all.remove(arrival);
    }

    /** Ends those of a connection, and returns them. */
    List<Arrival> end(WebSocket webSocket) {
        List<Arrival> gone =
                all.stream().filter(arrival -> arrival.webSocket == webSocket).toList();
        gone.forEach(this::end);
        return gone;
    }

    /** Ends all of them, and returns them. */
    List<Arrival> endAll() {
        List<Arrival> gone = copy();
        gone.forEach(this::end);
        return gone;
    }
}
