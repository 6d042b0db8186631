package dev.tenon.ws.server;

import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.handshake.Agreement;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpConnection;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.UpgradeRequest;
import dev.tenon.ws.transport.Transport;
import dev.tenon.ws.transport.WebSocketProtocol;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Calls the endpoints for the opening handshakes of one connection, and opens its WebSocket. Belongs to the connection's
 * event loop.
 */
final class UpgradeDispatcher {
    /** Takes a connection over from HTTP. */
    interface Successor {
        /**
         * Switches to a WebSocket, whose 101 was written.
         *
         * @param held frames that arrived before the decision
         */
        void switchTo(WebSocketProtocol next, ByteBuffer held);
    }

    private final ServerConfig config;
    private final Transport transport;
    private final HttpConnection http;
    private final OpenExchange exchange;
    private final Successor successor;

    UpgradeDispatcher(
            ServerConfig config, Transport transport, HttpConnection http, OpenExchange exchange, Successor successor) {
        this.config = config;
        this.transport = transport;
        this.http = http;
        this.exchange = exchange;
        this.successor = successor;
    }

    /** Calls the endpoint of a valid handshake. */
    void start(UpgradeRequest request, Router.Match<UpgradeRoute> found, Client client) {
        if (!http.mayUpgrade()) { // the client has left already
            return;
        }
        UpgradeRoute route = found.route();
        UpgradeExchange upgrade = new UpgradeExchange(request, found.parameters(), client);
        exchange.begin(upgrade);
        http.responseTimeout(route.values().responseTimeout(), transport.nanoTime());
        new ExchangeCall<>(
                        transport,
                        route.values().executor(),
                        () -> route.endpoint().upgrade(upgrade),
                        (response, failure) ->
                                exchange.finish(upgrade, () -> decided(route, upgrade, response, failure)))
                .run();
    }

    private void decided(
            UpgradeRoute route,
            UpgradeExchange upgrade,
            @Nullable UpgradeResponse response,
            @Nullable Throwable failure) {
        try {
            DecidedUpgrade decided = DecidedUpgrade.of(upgrade, response, failure);
            HttpResponse refusal = decided.refusal();
            if (refusal != null) {
                throw new HandshakeException("refused by the endpoint", refusal);
            }
            open(route, upgrade, decided);
        } catch (HandshakeException refusal) {
            exchange.refuse(refusal);
        } catch (Throwable broken) {
            OpenExchange.FAILURES.log("the endpoint of " + route.template().text() + " has failed", broken);
            exchange.refuse(HandshakeException.refuse(500, "internal error"));
        }
    }

    /** Everything that may fail is done before the 101 is written. */
    private void open(UpgradeRoute route, UpgradeExchange upgrade, DecidedUpgrade decided) {
        Agreement agreement = route.accept(upgrade.upgradeRequest(), decided.subprotocol(), decided.headers());
        Upgrade settled = config.upgrades().sharing(agreement.upgrade());
        Executor executor = decided.executor() == null ? route.values().executor() : decided.executor();
        WebSocketProtocol session = WebSocketProtocol.create(
                transport,
                Role.SERVER,
                route.values().options(),
                settled,
                Objects.requireNonNull(decided.listener()),
                executor,
                route.meter());
        ByteBuffer held = http.upgrade(agreement.response());
        exchange.responded();
        route.meter().opened();
        successor.switchTo(session, held);
    }
}
