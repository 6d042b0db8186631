package dev.tenon.ws.connection;

import dev.tenon.ws.extension.NegotiatedExtension;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the opening handshake has settled. Immutable.
 *
 * @param url the address of the connection, see {@link WebSocket#url()}
 * @param subprotocol the subprotocol, or the empty string
 * @param extensions the extensions, in the order of the server's answer
 * @param request what {@link WebSocket#requestInfo()} returns, or null for what the address says
 */
public record Upgrade(
        String url,
        String subprotocol,
        List<NegotiatedExtension> extensions,
        @Nullable RequestInfo request) {
    /**
     * Copies the list.
     *
     * @param url the address of the connection
     * @param subprotocol the subprotocol, or the empty string
     * @param extensions the extensions, in the order of the server's answer
     * @param request what was asked for, or null for what the address says
     */
    public Upgrade {
        extensions = List.copyOf(extensions);
    }

    /**
     * What the opening handshake has settled, without the request.
     *
     * @param url the address of the connection
     * @param subprotocol the subprotocol, or the empty string
     * @param extensions the extensions, in the order of the server's answer
     */
    public Upgrade(String url, String subprotocol, List<NegotiatedExtension> extensions) {
        this(url, subprotocol, extensions, null);
    }

    /** The address without its query, which may carry a token as the subprotocol may, and the extensions. */
    @Override
    public String toString() {
        int query = url.indexOf('?');
        return "Upgrade[" + (query < 0 ? url : url.substring(0, query) + "?…") + ", extensions="
                + extensions.stream().map(NegotiatedExtension::agreed).toList() + "]";
    }
}
