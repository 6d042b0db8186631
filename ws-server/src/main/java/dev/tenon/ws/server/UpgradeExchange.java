package dev.tenon.ws.server;

import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.UpgradeRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A good opening handshake that an {@link Endpoint} accepts or refuses. Thread-safe. */
public final class UpgradeExchange extends Exchange {
    private final UpgradeRequest upgrade;

    UpgradeExchange(UpgradeRequest upgrade, Map<String, String> pathParameters, Client client) {
        super(upgrade.request(), pathParameters, client);
        this.upgrade = upgrade;
    }

    /**
     * The opening handshake.
     *
     * @return the request with its key, offers and address
     */
    public UpgradeRequest upgradeRequest() {
        return upgrade;
    }

    /**
     * The subprotocols that the client offers.
     *
     * @return tokens, in the client's order of preference
     */
    public List<String> subprotocols() {
        return upgrade.subprotocols();
    }

    /**
     * The origin of the script that connects.
     *
     * @return {@code Origin} as it was sent, or null if the client is no browser
     */
    public @Nullable String origin() {
        return upgrade.origin();
    }

    /**
     * Accepts the client. The connection opens once the endpoint has returned the response.
     *
     * @param listener receives the events of the connection
     * @return the response, to be returned by the endpoint
     */
    public UpgradeResponse accept(WebSocketListener listener) {
        return DecidedUpgrade.accepted(this, listener);
    }

    /**
     * Refuses the client, with a body of plain text.
     *
     * @param status a status code of 300 or more
     * @param reason why, fit for the client's eyes
     * @return the response, to be returned by the endpoint
     * @throws IllegalArgumentException if the status is not one of a refusal
     */
    public UpgradeResponse refuse(int status, String reason) {
        return refuse(HandshakeException.refuse(status, reason).toResponse());
    }

    /**
     * Refuses the client with a response of the application's own.
     *
     * @param response a status code of 300 or more
     * @return the response, to be returned by the endpoint
     * @throws IllegalArgumentException if the status is not one of a refusal
     */
    public UpgradeResponse refuse(HttpResponse response) {
        if (response.status() < 300) {
            throw new IllegalArgumentException("a refusal has a status of 300 or more, not " + response.status());
        }
        return DecidedUpgrade.refused(this, response);
    }
}
