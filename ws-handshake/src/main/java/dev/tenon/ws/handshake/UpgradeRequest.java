package dev.tenon.ws.handshake;

import dev.tenon.ws.extension.ExtensionOffer;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that is a valid opening handshake (RFC 6455 §4.2.1), which the application accepts or refuses. Immutable
 * and thread-safe, so the application may decide later and on any thread. {@link ServerHandshake#check} creates it.
 */
public final class UpgradeRequest {
    private final HttpRequest request;
    private final String authority;
    private final @Nullable String key;
    private final List<String> subprotocols;
    private final List<ExtensionOffer> extensions;
    private final boolean secure;
    private final @Nullable InetSocketAddress peer;

    UpgradeRequest(
            HttpRequest request,
            String authority,
            @Nullable String key,
            List<String> subprotocols,
            List<ExtensionOffer> extensions,
            boolean secure,
            @Nullable InetSocketAddress peer) {
        this.request = request;
        this.authority = authority;
        this.key = key;
        this.subprotocols = subprotocols;
        this.extensions = extensions;
        this.secure = secure;
        this.peer = peer;
    }

    /**
     * Returns the whole request.
     *
     * @return method, target, version and headers
     */
    public HttpRequest request() {
        return request;
    }

    /**
     * Returns the headers of the request, cookies and credentials included.
     *
     * @return the header lines
     */
    public Headers headers() {
        return request.headers();
    }

    /**
     * Returns the path of the request; see {@link HttpRequest#path()}.
     *
     * @return a path that begins with a slash
     */
    public String path() {
        return request.path();
    }

    /**
     * Returns the query of the request.
     *
     * @return what follows the first question mark, or null if there is none
     */
    public @Nullable String query() {
        return request.query();
    }

    /**
     * Returns the host of the request, with its port if it has one.
     *
     * @return for example {@code example.org:8080}, as it was sent
     */
    public String authority() {
        return authority;
    }

    /**
     * Returns the address of the new connection.
     *
     * @return {@code ws://host/path?query} or {@code wss:…}
     */
    public String url() {
        return (secure ? "wss://" : "ws://") + authority + request.resource();
    }

    /**
     * Returns the value of {@code Sec-WebSocket-Key}.
     *
     * @return 24 characters of base64; null in HTTP/2 and HTTP/3, which have no key
     */
    public @Nullable String key() {
        return key;
    }

    /**
     * Returns the subprotocols that the client offers.
     *
     * @return different tokens, in the client's order of preference
     */
    public List<String> subprotocols() {
        return subprotocols;
    }

    /**
     * Returns the subprotocol to accept, by the server's preference (RFC 6455 §4.2.2).
     *
     * @param preference the subprotocols of the server, the preferred one first
     * @return the first of them that the client offers; the empty string if it offers none of them
     */
    public String selectSubprotocol(List<String> preference) {
        for (String name : preference) {
            if (subprotocols.contains(name)) {
                return name;
            }
        }
        return "";
    }

    /**
     * Returns the extensions that the client offers.
     *
     * @return offers, in the client's order of preference
     */
    public List<ExtensionOffer> extensions() {
        return extensions;
    }

    /**
     * Returns the origin of the web page (RFC 6454 §7), which the {@link OriginPolicy} has allowed.
     *
     * @return {@code Origin} as it was sent, or null if the client is not a browser
     */
    public @Nullable String origin() {
        return headers().first("Origin");
    }

    /**
     * Whether the connection uses TLS, as the caller of {@link ServerHandshake#check} has said.
     *
     * @return true for {@code wss:}
     */
    public boolean secure() {
        return secure;
    }

    /**
     * Returns the client's address, as the caller of {@link ServerHandshake#check} has said.
     *
     * @return the address, or null if there is none, as on a Unix domain socket
     */
    public @Nullable InetSocketAddress peer() {
        return peer;
    }

    /**
     * Returns the request for logs, without its query and without credentials.
     *
     * @return the text of {@link #request()}
     */
    @Override
    public String toString() {
        return request.toString();
    }
}
