package dev.tenon.ws.extension;

import java.util.List;

/**
 * The terms that an opening handshake has agreed on (RFC 6455 §4): the result of a handshake, and the start of a
 * connection. It lies in this module so that neither of the two depends on the other. Immutable.
 *
 * @param url the address of the connection, {@code ws://host/path?query} or {@code wss:…}
 * @param subprotocol the subprotocol, or the empty string (RFC 6455 §1.9)
 * @param extensions the extensions, in the order of the server's response
 */
public record Upgrade(String url, String subprotocol, List<NegotiatedExtension> extensions) {
    /**
     * The agreed terms.
     *
     * @param url the address of the connection
     * @param subprotocol the subprotocol, or the empty string
     * @param extensions the extensions, in the order of the server's response
     */
    public Upgrade {
        extensions = List.copyOf(extensions);
    }

    /**
     * The terms for logs, without the query of the address and without the subprotocol, because both may hold access
     * tokens.
     *
     * @return the address and the extensions
     */
    @Override
    public String toString() {
        int query = url.indexOf('?');
        return "Upgrade[" + (query < 0 ? url : url.substring(0, query) + "?…") + ", extensions="
                + extensions.stream().map(NegotiatedExtension::agreed).toList() + "]";
    }
}
