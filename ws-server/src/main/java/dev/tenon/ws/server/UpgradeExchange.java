package dev.tenon.ws.server;

import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.UpgradeRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A valid opening handshake, which an {@link Endpoint} accepts or refuses. Thread-safe. */
public final class UpgradeExchange extends Exchange {
    private final UpgradeRequest upgrade;

    UpgradeExchange(UpgradeRequest upgrade, Map<String, String> pathParameters, Client client) {
        super(upgrade.request(), pathParameters, client);
        this.upgrade = upgrade;
    }

    /**
     * Returns the request of the opening handshake.
     *
     * @return the request with its key, offers and address
     */
    public UpgradeRequest upgradeRequest() {
        return upgrade;
    }

    /**
     * Returns the subprotocols that the client offers.
     *
     * @return tokens, in the client's order of preference
     */
    public List<String> subprotocols() {
        return upgrade.subprotocols();
    }

    /**
     * Returns the origin of the page whose script connects.
     *
     * @return the header {@code Origin} as it was sent, or null if there is none, because the client is not a browser
     */
    public @Nullable String origin() {
        return upgrade.origin();
    }

    /**
     * Accepts the client. The connection opens when the endpoint has returned the response.
     *
     * @param listener receives the events of the connection
     * @return the response, which the endpoint returns
     */
    public UpgradeResponse accept(WebSocketListener listener) {
        return DecidedUpgrade.accepted(this, Objects.requireNonNull(listener, "the listener is null"));
    }

    /**
     * Refuses the client, with a body of plain text.
     *
     * @param status a status code from 300 to 599
     * @param reason the reason, which the client sees
     * @return the response, which the endpoint returns
     * @throws IllegalArgumentException if it is not such a status code
     */
    public UpgradeResponse refuse(int status, String reason) {
        return refuse(HandshakeException.refuse(status, reason).toResponse());
    }

    /**
     * Refuses the client with any response.
     *
     * @param response with a status code of 300 or more
     * @return the response, which the endpoint returns
     * @throws IllegalArgumentException if the status code is less than 300
     */
    public UpgradeResponse refuse(HttpResponse response) {
        if (response.status() < 300) {
            throw new IllegalArgumentException("a refusal has a status of 300 or more, not " + response.status());
        }
        return DecidedUpgrade.refused(this, response);
    }
}
