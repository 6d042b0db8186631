package dev.tenon.ws.client;

import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.WebSocketUri;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where to connect, and what to ask for. Immutable.
 *
 * @param uri where to
 * @param subprotocols the subprotocols offered, in order of preference
 * @param headers more headers for the request, such as {@code Origin}, {@code Cookie} or {@code Authorization}
 * @param tap sees every byte, or null
 */
public record ConnectRequest(
        WebSocketUri uri,
        List<String> subprotocols,
        Headers headers,
        @Nullable WireTap tap) {
    /**
     * A request.
     *
     * @param uri where to
     * @param subprotocols the subprotocols offered, in order of preference
     * @param headers more headers for the request
     * @param tap sees every byte, or null
     */
    public ConnectRequest {
        subprotocols = List.copyOf(subprotocols);
    }

    /**
     * A request for an address alone.
     *
     * @param uri a {@code ws:} or {@code wss:} URI
     * @return the request
     * @throws IllegalArgumentException if it is not one; the message says why
     */
    public static ConnectRequest to(String uri) {
        return new ConnectRequest(WebSocketUri.parse(uri), List.of(), Headers.empty(), null);
    }

    /**
     * This request with subprotocols.
     *
     * @param names different tokens, in order of preference
     * @return a new request
     */
    public ConnectRequest withSubprotocols(String... names) {
        return new ConnectRequest(uri, List.of(names), headers, tap);
    }

    /**
     * This request with one more header.
     *
     * @param name the header's name
     * @param value its value
     * @return a new request
     * @throws IllegalArgumentException if it could not stand in a head
     */
    public ConnectRequest withHeader(String name, String value) {
        return new ConnectRequest(
                uri, subprotocols, headers.toBuilder().add(name, value).build(), tap);
    }

    /**
     * This request with a tap.
     *
     * @param tap sees every byte between client and server, decrypted, from the opening handshake on; of several
     *     attempts, as after a redirect, one after the other. What is said to a proxy it does not see
     * @return a new request
     */
    public ConnectRequest withTap(WireTap tap) {
        return new ConnectRequest(uri, subprotocols, headers, tap);
    }
}
