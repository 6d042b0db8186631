package dev.tenon.ws.connection;

import dev.tenon.ws.extension.NegotiatedExtension;
import java.util.List;

/**
 * What the opening handshake has settled. Immutable.
 *
 * @param url the address of the connection, see {@link WebSocket#url()}
 * @param subprotocol the subprotocol, or the empty string
 * @param extensions the extensions, in the order of the server's answer
 */
public record Upgrade(String url, String subprotocol, List<NegotiatedExtension> extensions) {
    /**
     * Copies the list.
     *
     * @param url the address of the connection
     * @param subprotocol the subprotocol, or the empty string
     * @param extensions the extensions, in the order of the server's answer
     */
    public Upgrade {
        extensions = List.copyOf(extensions);
    }
}
