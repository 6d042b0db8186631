package dev.tenon.ws.handshake;

import dev.tenon.ws.extension.ExtensionOffer;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that is a good opening handshake (RFC 6455 §4.2.1), for the application to accept or refuse. Immutable and
 * thread-safe, so that the decision may be taken anywhere and any time. Made by {@link ServerHandshake#check}.
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
     * The whole request.
     *
     * @return method, target, version and headers
     */
    public HttpRequest request() {
        return request;
    }

    /**
     * The headers of the request, cookies and credentials included.
     *
     * @return the header lines
     */
    public Headers headers() {
        return request.headers();
    }

    /**
     * The path that was asked for; see {@link HttpRequest#path()}.
     *
     * @return a path that begins with a slash
     */
    public String path() {
        return request.path();
    }

    /**
     * The query that was asked for.
     *
     * @return what follows the first question mark, or null if there is none
     */
    public @Nullable String query() {
        return request.query();
    }

    /**
     * The host, and port where it was given, that the client asked for.
     *
     * @return for example {@code example.org:8080}, as it was sent
     */
    public String authority() {
        return authority;
    }

    /**
     * The address of the connection-to-be.
     *
     * @return {@code ws://host/path?query} or {@code wss:…}
     */
    public String url() {
        return (secure ? "wss://" : "ws://") + authority + request.resource();
    }

    /**
     * {@code Sec-WebSocket-Key}.
     *
     * @return 24 characters of base64; null in HTTP/2 and HTTP/3, which have no key
     */
    public @Nullable String key() {
        return key;
    }

    /**
     * The subprotocols that the client speaks.
     *
     * @return different tokens, in the client's order of preference
     */
    public List<String> subprotocols() {
        return subprotocols;
    }

    /**
     * The subprotocol to accept, by the server's preference (RFC 6455 §4.2.2).
     *
     * @param preference the subprotocols that the server speaks, the preferred one first
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
     * The extensions that the client offers.
     *
     * @return offers, in the client's order of preference
     */
    public List<ExtensionOffer> extensions() {
        return extensions;
    }

    /**
     * The origin of the script that connects (RFC 6454 §7), checked by the {@link OriginPolicy}.
     *
     * @return {@code Origin} as it was sent, or null if the client is no browser
     */
    public @Nullable String origin() {
        return headers().first("Origin");
    }

    /**
     * Whether the connection is TLS, as handed in.
     *
     * @return true for {@code wss:}
     */
    public boolean secure() {
        return secure;
    }

    /**
     * The client's address, as handed in.
     *
     * @return the address, or null if the host has none, as on a Unix domain socket
     */
    public @Nullable InetSocketAddress peer() {
        return peer;
    }

    /**
     * The request for people and logs, without its query and without credentials.
     *
     * @return the same as of {@link #request()}
     */
    @Override
    public String toString() {
        return request.toString();
    }
}
