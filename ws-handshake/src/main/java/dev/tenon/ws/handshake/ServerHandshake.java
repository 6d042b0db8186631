package dev.tenon.ws.handshake;

import static dev.tenon.ws.handshake.HandshakeException.refuse;

import dev.tenon.ws.extension.ExtensionException;
import dev.tenon.ws.extension.ExtensionHeader;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.Upgrade;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of the opening handshake (RFC 6455 §4.2), as two pure functions: {@link #check} checks the request;
 * then the application decides, and {@link #accept(UpgradeRequest, String, Headers) accept} makes the response. The
 * request may come from {@link HttpHeadParser} or from another HTTP library; a request of HTTP/2 or HTTP/3 must be an
 * extended CONNECT (RFC 8441, RFC 9220). Immutable and thread-safe.
 *
 * <pre>{@code
 * UpgradeRequest upgrade = handshake.check(request, secure, peer);   // or a HandshakeException: send its response
 * Agreement agreement = handshake.accept(upgrade);                   // or refuse: send any HttpResponse
 * send(agreement.response().encode());
 * }</pre>
 *
 * @param extensions the extensions to negotiate
 * @param subprotocols the subprotocols that {@link #accept(UpgradeRequest)} chooses from, the preferred one first
 * @param origins which web pages may connect
 */
public record ServerHandshake(Extensions extensions, List<String> subprotocols, OriginPolicy origins) {
    /**
     * A handshake.
     *
     * @param extensions the extensions to negotiate
     * @param subprotocols the subprotocols that {@link #accept(UpgradeRequest)} chooses from, the preferred one first
     * @param origins which web pages may connect
     * @throws IllegalArgumentException if a subprotocol is not a token
     */
    public ServerHandshake {
        subprotocols = List.copyOf(subprotocols);
        subprotocols.forEach(name -> HttpSyntax.requireToken("a subprotocol", name));
    }

    /**
     * Whether a request asks for a WebSocket. If not, it is plain HTTP; if so, {@link #check} decides whether it is
     * correct. {@code Upgrade} in HTTP/1.0 is ignored (RFC 9110 §7.8): such a request is plain HTTP, and {@link #hint}
     * has an explanation for its sender.
     *
     * @param request any request
     * @return whether {@code Upgrade}, or {@code :protocol}, names {@code websocket}
     */
    public static boolean isUpgrade(HttpRequest request) {
        Headers headers = request.headers();
        return switch (request.version()) {
            case HTTP_1_0 -> false;
            case HTTP_1_1 -> headers.hasToken("Upgrade", "websocket");
            default -> request.method().equals("CONNECT") && "websocket".equalsIgnoreCase(headers.first(":protocol"));
        };
    }

    /**
     * Explains why a plain HTTP request may be a broken opening handshake: its {@code Upgrade} came in HTTP/1.0, or the
     * other headers of a handshake came without {@code Upgrade}. A proxy that is not configured for WebSocket makes
     * such requests of correct ones. A server adds this text to the body of its 404 or 426.
     *
     * @param request any request
     * @return a sentence without a full stop; null if the request has no sign of a handshake, or if {@link #isUpgrade}
     *     is true
     */
    public static @Nullable String hint(HttpRequest request) {
        return UpgradeRules.hint(request);
    }

    /**
     * Checks a request (RFC 6455 §4.2.1).
     *
     * @param request the request
     * @param secure whether it came over TLS
     * @param peer the client's address, or null if there is none; only for the application
     * @return the checked request
     * @throws HandshakeException with the response to send: 400, 403, 405, 426 or 501
     */
    public UpgradeRequest check(HttpRequest request, boolean secure, @Nullable InetSocketAddress peer) {
        return check(request, new TrustedProxies.Client(peer, secure, null));
    }

    /**
     * Checks a request that may have come through proxies (RFC 6455 §4.2.1).
     *
     * @param request the request
     * @param client the client, as {@link TrustedProxies#client} has found it; the origin is compared with its host, if
     *     that is known
     * @return the checked request
     * @throws HandshakeException with the response to send: 400, 403, 405, 426 or 501
     */
    public UpgradeRequest check(HttpRequest request, TrustedProxies.Client client) {
        try {
            return checked(request, client);
        } catch (HandshakeException e) {
            throw e.forVersion(request.version());
        }
    }

    private UpgradeRequest checked(HttpRequest request, TrustedProxies.Client client) {
        String key = UpgradeRules.checkUpgrade(request);
        String own = UpgradeRules.authority(request);
        String authority = client.authority() == null ? own : client.authority();
        List<String> offered = UpgradeRules.subprotocols(request.headers());
        UpgradeRequest upgrade = new UpgradeRequest(
                request, authority, key, offered, offers(request.headers()), client.secure(), client.address());
        if (request.headers().count("Origin") > 1) {
            throw refuse(RequestViolation.ORIGIN_REPEATED);
        }
        if (!origins.allows(upgrade)) { // RFC 6455 §4.2.2
            throw refuse(RequestViolation.ORIGIN_NOT_ALLOWED).withDetail(origins.explain(upgrade));
        }
        return upgrade;
    }

    private static List<ExtensionOffer> offers(Headers headers) {
        try {
            return UpgradeHeaders.extensions(headers);
        } catch (ExtensionException e) {
            throw refuse(e);
        }
    }

    /**
     * Accepts a request, with the first subprotocol of this server's list that the client offers, or none.
     *
     * @param request the checked request
     * @return the agreed terms, with the response to send
     */
    public Agreement accept(UpgradeRequest request) {
        return accept(request, Headers.empty());
    }

    /**
     * Accepts a request, with the first subprotocol of this server's list that the client offers, or none.
     *
     * @param request the checked request
     * @param extra more headers for the response, such as {@code Set-Cookie}
     * @return the agreed terms, with the response to send
     * @throws IllegalArgumentException if the handshake sets one of the headers itself
     */
    public Agreement accept(UpgradeRequest request, Headers extra) {
        return accept(request, request.selectSubprotocol(subprotocols), extra);
    }

    /**
     * Accepts a request with a given subprotocol (RFC 6455 §4.2.2).
     *
     * @param request the checked request
     * @param subprotocol one of those that the client offers, or the empty string for none
     * @param extra more headers for the response, such as {@code Set-Cookie}
     * @return the agreed terms, with the response to send: 101, or 200 in HTTP/2 and HTTP/3
     * @throws IllegalArgumentException if the client does not offer the subprotocol, or the handshake sets one of the
     *     headers itself
     */
    public Agreement accept(UpgradeRequest request, String subprotocol, Headers extra) {
        if (!subprotocol.isEmpty() && !request.subprotocols().contains(subprotocol)) {
            throw new IllegalArgumentException("the client does not offer the subprotocol "
                    + HttpSyntax.quoted(Redaction.subprotocols(subprotocol))
                    + "; UpgradeRequest.selectSubprotocol chooses one that it offers");
        }
        UpgradeHeaders.requireFree(extra);
        List<NegotiatedExtension> agreed = extensions.accept(request.extensions());
        Headers.Builder headers = Headers.builder();
        String key = request.key();
        if (key != null) {
            headers.add("Upgrade", "websocket");
            headers.add("Connection", "Upgrade");
            headers.add(UpgradeHeaders.ACCEPT, HandshakeKey.accept(key));
        }
        if (!subprotocol.isEmpty()) {
            headers.add(UpgradeHeaders.PROTOCOL, subprotocol);
        }
        if (!agreed.isEmpty()) {
            headers.add(
                    UpgradeHeaders.EXTENSIONS,
                    ExtensionHeader.format(
                            agreed.stream().map(NegotiatedExtension::agreed).toList()));
        }
        Headers all = headers.addAll(extra).build();
        Upgrade upgrade = new Upgrade(request.url(), subprotocol, agreed);
        return new Agreement(HttpResponse.of(key == null ? 200 : 101, all), upgrade);
    }
}
