package dev.tenon.ws.cli;

import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.server.Exchange;
import dev.tenon.ws.server.HttpExchange;
import dev.tenon.ws.server.HttpHandler;
import dev.tenon.ws.server.RouteBuilder;
import dev.tenon.ws.server.UpgradeExchange;
import dev.tenon.ws.server.UpgradeResponse;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The demo's second page, which compares polling, long polling and push. All code runs on the demo's event loop, so
 * nothing is synchronized.
 */
final class Deliveries {
    private static final int MOST_SESSIONS = 100;
    private static final int MOST_TAPS = 1024;

    private final Map<String, DeliverySession> sessions = new HashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(run -> {
        Thread thread = new Thread(run, "demo-events");
        thread.setDaemon(true);
        return thread;
    });

    private final Map<SocketAddress, DeliveryCost.Tap> taps = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SocketAddress, DeliveryCost.Tap> eldest) {
            return size() > MOST_TAPS;
        }
    };

    void routes(RouteBuilder<?> server) {
        server.route("/delivery", this::session)
                .route("/delivery/push", this::push)
                .get("/delivery/poll", requested((session, exchange) -> {
                    attribute(exchange, session.poll, false);
                    return CompletableFuture.completedFuture(session.after(known(exchange)));
                }))
                .get("/delivery/long-poll", requested((session, exchange) -> {
                    attribute(exchange, session.longPoll, false);
                    return session.awaitAfter(known(exchange), exchange.whenCancelled());
                }));
    }

    /** Counts the bytes of a connection. */
    WireTap tap(SocketAddress peer) {
        DeliveryCost.Tap tap = new DeliveryCost.Tap();
        taps.put(peer, tap);
        return tap;
    }

    private HttpHandler requested(BiFunction<DeliverySession, HttpExchange, CompletionStage<HttpResponse>> answer) {
        return HttpHandler.async(exchange -> {
            DeliverySession session = sessions.get(id(exchange));
            return session == null
                    ? CompletableFuture.completedFuture(
                            HttpResponse.text(404, "This page's session is over: load it again.\n"))
                    : answer.apply(session, exchange);
        });
    }

    private UpgradeResponse session(UpgradeExchange upgrade) {
        String id = id(upgrade);
        if (id.isEmpty()) {
            throw HandshakeException.refuse(400, "give an id of 8 to 64 letters and digits: /delivery?id=...");
        }
        if (sessions.size() >= MOST_SESSIONS || sessions.containsKey(id)) {
            throw HandshakeException.refuse(503, "too many pages are open at once: try again later");
        }
        DeliverySession session = new DeliverySession(timer, () -> sessions.remove(id));
        sessions.put(id, session);
        return upgrade.accept(session);
    }

    private UpgradeResponse push(UpgradeExchange upgrade) {
        DeliverySession session = sessions.get(id(upgrade));
        if (session == null) {
            throw HandshakeException.refuse(404, "the session of this page has ended: load it again");
        }
        DeclinableExtension.decline(true); // compression does not help short messages
        attribute(upgrade, session.push, true);
        return upgrade.accept(session.pushed());
    }

    private void attribute(Exchange exchange, DeliveryCost cost, boolean isUpgrade) {
        @Nullable SocketAddress peer = exchange.remoteAddress();
        DeliveryCost.Tap tap = peer == null ? null : taps.get(peer);
        if (tap != null) {
            tap.belongsTo(cost, isUpgrade);
        }
    }

    private static String id(Exchange exchange) {
        String id = exchange.queryParameter("id");
        return id != null && id.matches("[0-9A-Za-z_-]{8,64}") ? id : "";
    }

    /** The last event that the client has received. */
    private static long known(Exchange exchange) {
        String after = exchange.queryParameter("after");
        return after != null && after.matches("\\d{1,9}") ? Long.parseLong(after) : 0;
    }
}
