package dev.tenon.ws.client;

import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.WebSocketUri;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where to connect to, and what to ask for. Immutable and thread-safe.
 *
 * <pre>{@code
 * ConnectRequest.to("wss://example.org/feed")
 *         .withSubprotocols("v2.feed")
 *         .withHeader("Authorization", "Bearer " + token)
 *         .with(options -> options.timeout(Duration.ofSeconds(5)).redirects(2));
 * }</pre>
 */
public final class ConnectRequest {
    private final WebSocketUri uri;
    private final List<String> subprotocols;
    private final Headers headers;
    private final @Nullable WireTap tap;
    private final Consumer<ConnectOptions> options;

    private ConnectRequest(
            WebSocketUri uri,
            List<String> subprotocols,
            Headers headers,
            @Nullable WireTap tap,
            Consumer<ConnectOptions> options) {
        this.uri = uri;
        this.subprotocols = List.copyOf(subprotocols);
        this.headers = headers;
        this.tap = tap;
        this.options = options;
    }

    /**
     * A request for an address alone.
     *
     * @param uri a {@code ws:} or {@code wss:} URI, read as browsers do: see {@link WebSocketUri#parse}
     * @return the request
     * @throws IllegalArgumentException if it is not one; the message says why
     */
    public static ConnectRequest to(String uri) {
        return to(WebSocketUri.parse(uri));
    }

    /**
     * A request for an address alone.
     *
     * @param uri the address
     * @return the request
     */
    public static ConnectRequest to(WebSocketUri uri) {
        return new ConnectRequest(uri, List.of(), Headers.empty(), null, options -> {});
    }

    /**
     * Where to.
     *
     * @return the address
     */
    public WebSocketUri uri() {
        return uri;
    }

    /**
     * The subprotocols that are offered.
     *
     * @return the names, in order of preference
     */
    public List<String> subprotocols() {
        return subprotocols;
    }

    /**
     * More headers for the request.
     *
     * @return the headers beside those of the handshake itself
     */
    public Headers headers() {
        return headers;
    }

    @Nullable
    WireTap tap() {
        return tap;
    }

    /** The client's settings with what this request changes. */
    ConnectOptions options(ConnectSettings<?> defaults) {
        ConnectOptions changed = ConnectOptions.copyOf(defaults);
        options.accept(changed);
        return ConnectOptions.copyOf(changed); // the user's code may have kept the other one
    }

    /**
     * This request to another address.
     *
     * @param other the address
     * @return a new request
     */
    public ConnectRequest withUri(WebSocketUri other) {
        return new ConnectRequest(other, subprotocols, headers, tap, options);
    }

    /**
     * This request with subprotocols.
     *
     * @param names different tokens, in order of preference
     * @return a new request
     */
    public ConnectRequest withSubprotocols(String... names) {
        return new ConnectRequest(uri, List.of(names), headers, tap, options);
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
                uri, subprotocols, headers.toBuilder().add(name, value).build(), tap, options);
    }

    /**
     * This request with a tap.
     *
     * @param tap sees every byte between client and server, decrypted, from the opening handshake on; of several
     *     attempts, as after a redirect, one after the other. What is said to a proxy it does not see
     * @return a new request
     */
    public ConnectRequest withTap(WireTap tap) {
        return new ConnectRequest(uri, subprotocols, headers, tap, options);
    }

    /**
     * This request with options of its own.
     *
     * @param change changes the options, which begin as those of the client; called for each connect, by the thread that
     *     calls {@code connect}. Several changes are made one after the other
     * @return a new request
     */
    public ConnectRequest with(Consumer<ConnectOptions> change) {
        return new ConnectRequest(uri, subprotocols, headers, tap, options.andThen(change));
    }

    /**
     * Where to, and what kinds of things are asked for: without the query, the values of headers and the names of
     * subprotocols, which may be credentials.
     *
     * @return for logs
     */
    @Override
    public String toString() {
        TreeSet<String> names = new TreeSet<>(headers.toMap().keySet());
        return "ConnectRequest[" + uri.redacted() + ", headers=" + names + ", subprotocols=" + subprotocols.size()
                + "]";
    }
}
