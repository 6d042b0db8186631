package dev.tenon.ws.handshake;

import dev.tenon.ws.extension.NegotiatedExtension;
import java.util.List;

/**
 * What a handshake that succeeded has settled, the same on both sides. Immutable and thread-safe.
 *
 * @param response the server's response: on a server to be sent, on a client as received
 * @param url the connection's address, {@code ws://host/path?query} or {@code wss:…}
 * @param subprotocol the subprotocol agreed on, or the empty string (RFC 6455 §1.9)
 * @param extensions the extensions agreed on, in the order of the response
 */
public record Agreement(HttpResponse response, String url, String subprotocol, List<NegotiatedExtension> extensions) {
    /**
     * An agreement.
     *
     * @param response the server's response
     * @param url the connection's address
     * @param subprotocol the subprotocol, or the empty string
     * @param extensions the extensions, in the order of the response
     */
    public Agreement {
        extensions = List.copyOf(extensions);
    }

    /**
     * The agreement for people and logs, without the query of its address and without credentials.
     *
     * @return the parts by their names
     */
    @Override
    public String toString() {
        return "Agreement[url=" + Redaction.uri(url) + ", subprotocol=" + Redaction.subprotocols(subprotocol)
                + ", extensions="
                + extensions.stream().map(NegotiatedExtension::agreed).toList() + ", response="
                + response + "]";
    }
}
