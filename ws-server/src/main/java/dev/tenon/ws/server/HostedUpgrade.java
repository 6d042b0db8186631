package dev.tenon.ws.server;

import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.handshake.Agreement;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Responds to an opening handshake of a host by calling the endpoint of its route. */
record HostedUpgrade(UpgradeExchange upgrade, UpgradeRoute route, SharedUpgrade upgrades, OpenConnections connections)
        implements HostedExchange.Responder {
    HostedExchange.Target target() {
        return new HostedExchange.Target(true, route.values(), route.meter(), this);
    }

    @Override
    public Exchange start(ByteBuffer body, HostedExchange exchange) {
        new ExchangeCall<>(
                        exchange.loop(),
                        route.values().executor(),
                        () -> route.endpoint().upgrade(upgrade),
                        (response, failure) -> exchange.finish(() -> decided(response, failure)))
                .run();
        return upgrade;
    }

    private HostedResponse decided(@Nullable UpgradeResponse response, @Nullable Throwable failure) {
        DecidedUpgrade decided;
        try {
            decided = DecidedUpgrade.of(upgrade, response, failure);
        } catch (HandshakeException refusal) {
            throw refusal;
        } catch (Throwable broken) {
            throw new IllegalStateException(
                    "the endpoint of " + route.template().text() + " has failed", broken);
        }
        HttpResponse refusal = decided.refusal();
        if (refusal != null) {
            throw new HandshakeException("refused by the endpoint", refusal);
        }
        return accepted(decided);
    }

    private HostedResponse accepted(DecidedUpgrade decided) {
        Agreement agreement = route.accept(upgrade.upgradeRequest(), decided.subprotocol(), decided.headers());
        Upgrade settled = upgrades.sharing(agreement.upgrade());
        Executor own = decided.executor();
        HostedResponse.Accepted accepted = new HostedResponse.Accepted(
                route.values().options(),
                settled,
                Objects.requireNonNull(decided.listener()),
                own == null ? route.values().executor() : own,
                webSocket -> connections.add(webSocket, route.meter()));
        return new HostedResponse(agreement.response(), accepted, null);
    }
}
