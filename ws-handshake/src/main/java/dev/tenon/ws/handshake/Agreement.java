package dev.tenon.ws.handshake;

import dev.tenon.ws.extension.Upgrade;

/**
 * The result of a successful opening handshake, on both sides. Immutable and thread-safe.
 *
 * @param response the server's response: to send on a server, as received on a client
 * @param upgrade the agreed terms, for a {@code Connection}
 */
public record Agreement(HttpResponse response, Upgrade upgrade) {
    /**
     * The result for logs, without credentials.
     *
     * @return the terms and the response
     */
    @Override
    public String toString() {
        return "Agreement[" + upgrade + ", subprotocol=" + Redaction.subprotocols(upgrade.subprotocol()) + ", response="
                + response + "]";
    }
}
