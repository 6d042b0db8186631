package dev.tenon.ws.client;

import static java.util.Objects.requireNonNull;

import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.WebSocketUri;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The address to connect to, with subprotocols, headers and options. Immutable and thread-safe.
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
    private final @Nullable Consumer<ConnectOptions> options;

    private ConnectRequest(
            WebSocketUri uri,
            List<String> subprotocols,
            Headers headers,
            @Nullable WireTap tap,
            @Nullable Consumer<ConnectOptions> options) {
        this.uri = uri;
        this.subprotocols = List.copyOf(subprotocols);
        this.headers = headers;
        this.tap = tap;
        this.options = options;
    }

    /**
     * Returns a request with an address only.
     *
     * @param uri a {@code ws:} or {@code wss:} URI, read as browsers do: see {@link WebSocketUri#parse}
     * @return the request
     * @throws IllegalArgumentException if it is not such a URI; the message has the reason
     */
    public static ConnectRequest to(String uri) {
        return to(WebSocketUri.parse(uri));
    }

    /**
     * Returns a request with an address only.
     *
     * @param uri the address
     * @return the request
     */
    public static ConnectRequest to(WebSocketUri uri) {
        return new ConnectRequest(uri, List.of(), Headers.empty(), null, null);
    }

    /**
     * Returns the address to connect to.
     *
     * @return the address
     */
    public WebSocketUri uri() {
        return uri;
    }

    /**
     * Returns the subprotocols that the client offers.
     *
     * @return the names, in order of preference
     */
    public List<String> subprotocols() {
        return subprotocols;
    }

    /**
     * Returns additional headers of the request.
     *
     * @return the headers without those of the handshake
     */
    public Headers headers() {
        return headers;
    }

    @Nullable
    WireTap tap() {
        return tap;
    }

    /** Whether {@link #options} calls code of the user, which may block or throw. */
    boolean hasOptions() {
        return options != null;
    }

    /** The client's settings with the changes of this request. */
    ConnectOptions options(ConnectSettings<?> defaults) {
        ConnectOptions changed = ConnectOptions.copyOf(defaults);
        if (options == null) {
            return changed;
        }
        options.accept(changed);
        return ConnectOptions.copyOf(changed); // a copy, because the user's code may have kept the other object
    }

    /**
     * Returns this request with another address.
     *
     * @param other the address
     * @return a new request
     */
    public ConnectRequest withUri(WebSocketUri other) {
        return new ConnectRequest(other, subprotocols, headers, tap, options);
    }

    /**
     * Returns this request with subprotocols.
     *
     * @param names different tokens, in order of preference
     * @return a new request
     */
    public ConnectRequest withSubprotocols(String... names) {
        return new ConnectRequest(uri, List.of(names), headers, tap, options);
    }

    /**
     * Returns this request with one more header.
     *
     * @param name the header's name
     * @param value its value
     * @return a new request
     * @throws IllegalArgumentException if the name or value is not valid in a header
     */
    public ConnectRequest withHeader(String name, String value) {
        return new ConnectRequest(
                uri, subprotocols, headers.toBuilder().add(name, value).build(), tap, options);
    }

    /**
     * Returns this request with a tap.
     *
     * @param tap sees every decrypted byte between client and server from the opening handshake on, also of several
     *     attempts, such as after a redirect; it does not see the bytes between client and proxy
     * @return a new request
     */
    public ConnectRequest withTap(WireTap tap) {
        return new ConnectRequest(uri, subprotocols, headers, tap, options);
    }

    /**
     * Returns this request with options of its own.
     *
     * @param change changes the options, which start as those of the client; called for each connect, on the thread
     *     that calls {@code connect}. A {@link ReconnectingWebSocket} calls it like a {@link RequestSupplier}: it may
     *     block, and an exception counts as a failed connect. Several changes are applied in order
     * @return a new request
     */
    public ConnectRequest with(Consumer<ConnectOptions> change) {
        Consumer<ConnectOptions> all = options == null ? requireNonNull(change) : options.andThen(change);
        return new ConnectRequest(uri, subprotocols, headers, tap, all);
    }

    /**
     * Returns the request for logs, without the query, the values of headers and the names of subprotocols, which may
     * be credentials.
     *
     * @return the text
     */
    @Override
    public String toString() {
        TreeSet<String> names = new TreeSet<>(headers.toMap().keySet());
        return "ConnectRequest[" + uri.redacted() + ", headers=" + names + ", subprotocols=" + subprotocols.size()
                + "]";
    }
}
