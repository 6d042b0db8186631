package dev.tenon.ws.handshake;

import static dev.tenon.ws.handshake.HandshakeException.refuse;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules for a request that is an opening handshake (RFC 6455 §4.2.1, RFC 8441 §5). */
final class UpgradeRules {
    private static final Headers UPGRADE_REQUIRED = Headers.of(
            "Upgrade", "websocket", "Connection", "Upgrade", UpgradeHeaders.VERSION, UpgradeHeaders.SUPPORTED_VERSION);

    /** RFC 9113 §8.3: once, and of these only the last may be missing. */
    private static final List<String> PSEUDO = List.of(":method", ":protocol", ":scheme", ":path", ":authority");

    private UpgradeRules() {}

    /**
     * Checks everything except subprotocols and extensions. Returns the key, or null in HTTP/2 and HTTP/3, which have
     * none.
     */
    static @Nullable String checkUpgrade(HttpRequest request) {
        if (!request.version().isHttp1()) {
            checkExtendedConnect(request);
            return null;
        }
        Headers headers = request.headers();
        if (!ServerHandshake.isUpgrade(request)) { // RFC 9110 §15.5.22
            String hint = hint(request);
            throw hint == null
                    ? refuse(RequestViolation.UPGRADE_MISSING, UPGRADE_REQUIRED)
                    : refuse(RequestViolation.UPGRADE_MISSING, hint, UPGRADE_REQUIRED);
        }
        if (!request.method().equals("GET")) {
            throw refuse(RequestViolation.METHOD_NOT_GET, Headers.of("Allow", "GET"));
        }
        RequestRules.checkTargetForm(request.method(), request.target());
        RequestRules.checkHost(request);
        if (!headers.hasToken("Connection", "upgrade")) {
            throw refuse(RequestViolation.UPGRADE_NOT_IN_CONNECTION);
        }
        checkNoBody(request);
        checkVersion(headers);
        return checkKey(headers);
    }

    /** See {@link ServerHandshake#hint}. */
    static @Nullable String hint(HttpRequest request) {
        Headers headers = request.headers();
        if (request.version() == HttpVersion.HTTP_1_0 && headers.hasToken("Upgrade", "websocket")) { // RFC 9110 §7.8
            return "this request asks for a WebSocket in HTTP/1.0, which cannot upgrade:"
                    + " a proxy in between has to speak HTTP/1.1 to this server";
        }
        if (request.version().isHttp1()
                && headers.count(UpgradeHeaders.KEY) > 0
                && !ServerHandshake.isUpgrade(request)) {
            return "this request has a " + UpgradeHeaders.KEY + " but no Upgrade to websocket:"
                    + " a proxy in between has to pass Upgrade and Connection on";
        }
        return null;
    }

    private static void checkNoBody(HttpRequest request) {
        RequestRules.checkBody(request);
        String length = request.headers().first("Content-Length");
        boolean empty = length == null || HttpSyntax.number(length) == 0;
        if (!empty || request.headers().count("Transfer-Encoding") > 0) {
            throw refuse(RequestViolation.BODY_IN_HANDSHAKE);
        }
    }

    private static void checkVersion(Headers headers) {
        if (headers.count(UpgradeHeaders.VERSION) != 1) {
            throw refuse(RequestViolation.VERSION_NOT_ONCE);
        }
        if (!UpgradeHeaders.SUPPORTED_VERSION.equals(headers.first(UpgradeHeaders.VERSION))) { // RFC 6455 §4.4
            throw refuse(RequestViolation.VERSION_UNSUPPORTED, UPGRADE_REQUIRED);
        }
    }

    private static String checkKey(Headers headers) {
        String key = headers.first(UpgradeHeaders.KEY);
        if (key == null || headers.count(UpgradeHeaders.KEY) != 1) {
            throw refuse(RequestViolation.KEY_NOT_ONCE);
        }
        if (!HandshakeKey.isValid(key)) {
            throw refuse(RequestViolation.KEY_MALFORMED);
        }
        return key;
    }

    /** RFC 8441 §4, §5; RFC 9220 §3. */
    private static void checkExtendedConnect(HttpRequest request) {
        Headers headers = request.headers();
        checkHeadersOfStream(headers);
        if (!request.method().equals("CONNECT") || headers.count(":protocol") != 1) {
            throw refuse(RequestViolation.CONNECT_MALFORMED);
        }
        if (!ServerHandshake.isUpgrade(request)) { // RFC 9220 §3
            throw refuse(RequestViolation.PROTOCOL_NOT_WEBSOCKET);
        }
        if (headers.first(":scheme") == null || request.target().charAt(0) != '/') {
            throw refuse(RequestViolation.CONNECT_MALFORMED);
        }
        checkVersion(headers);
    }

    /** Refuses headers that two readers could understand differently, if the HTTP library has not. */
    private static void checkHeadersOfStream(Headers headers) {
        for (String name : PSEUDO) {
            if (headers.count(name) > 1) {
                throw refuse(RequestViolation.PSEUDO_HEADER_REPEATED, name);
            }
        }
        String connectionHeader = UpgradeHeaders.connectionHeader(headers);
        if (connectionHeader != null) {
            throw refuse(RequestViolation.CONNECTION_HEADER, connectionHeader);
        }
        if (headers.count("Host") > 1) {
            throw refuse(RequestViolation.HOST_REPEATED);
        }
        String authority = headers.first(":authority");
        for (String host : headers.all("Host")) { // RFC 9113 §8.3.1
            if (authority != null && !authority.equalsIgnoreCase(host)) {
                throw refuse(RequestViolation.AUTHORITY_MISMATCH);
            }
        }
    }

    /** The host of the request, which an opening handshake must name. */
    static String authority(HttpRequest request) {
        String authority = request.authority();
        if (authority == null || Authority.parse(authority) == null) {
            throw refuse(RequestViolation.HOST_MALFORMED);
        }
        return authority;
    }

    /** RFC 6455 §4.1: different tokens. No element at all counts as no header, as some clients write it (RFC 9110 §5.6.1). */
    static List<String> subprotocols(Headers headers) {
        List<String> names = headers.elements(UpgradeHeaders.PROTOCOL);
        Set<String> seen = new HashSet<>(); // a set, because 8 KiB can hold thousands of names
        for (String name : names) {
            if (!HttpSyntax.isToken(name) || !seen.add(name)) {
                throw refuse(RequestViolation.SUBPROTOCOLS_MALFORMED);
            }
        }
        return names;
    }
}
