package dev.tenon.ws.handshake;

import static dev.tenon.ws.handshake.HandshakeException.refuse;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a request must obey to be an opening handshake (RFC 6455 §4.2.1, RFC 8441 §5). */
final class UpgradeRules {
    private static final Headers UPGRADE_REQUIRED = Headers.of(
            "Upgrade", "websocket", "Connection", "Upgrade", UpgradeHeaders.VERSION, UpgradeHeaders.SUPPORTED_VERSION);

    /** RFC 9113 §8.3: once, and of these only the last may be missing. */
    private static final List<String> PSEUDO = List.of(":method", ":protocol", ":scheme", ":path", ":authority");

    /** RFC 9113 §8.2.2: what is for one connection of HTTP/1.1 alone. */
    static final List<String> OF_ONE_CONNECTION =
            List.of("Connection", "Upgrade", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding");

    private UpgradeRules() {}

    /** Checks all but what may be negotiated; returns the key, or null where HTTP/2 or HTTP/3 has none. */
    static @Nullable String checkUpgrade(HttpRequest request) {
        if (!request.version().isHttp1()) {
            checkExtendedConnect(request);
            return null;
        }
        Headers headers = request.headers();
        if (!ServerHandshake.isUpgrade(request)) { // RFC 9110 §15.5.22
            String hint = hint(request);
            throw refuse(
                    426,
                    "only WebSocket connections are accepted here" + (hint == null ? "" : "; " + hint),
                    UPGRADE_REQUIRED);
        }
        if (!request.method().equals("GET")) {
            throw refuse(405, "a WebSocket is asked for with GET", Headers.of("Allow", "GET"));
        }
        RequestRules.checkTargetForm(request.method(), request.target());
        RequestRules.checkHost(request);
        if (!headers.hasToken("Connection", "upgrade")) {
            throw refuse(400, "no Upgrade in Connection; a proxy in between may have to be told to pass it on");
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
            throw refuse(400, "an opening handshake has no body");
        }
    }

    private static void checkVersion(Headers headers) {
        int count = headers.count(UpgradeHeaders.VERSION);
        if (count != 1) {
            throw refuse(400, (count == 0 ? "no " : "more than one ") + UpgradeHeaders.VERSION);
        }
        if (!UpgradeHeaders.SUPPORTED_VERSION.equals(headers.first(UpgradeHeaders.VERSION))) { // RFC 6455 §4.4
            throw refuse(426, "version 13 of the WebSocket protocol is spoken here", UPGRADE_REQUIRED);
        }
    }

    private static String checkKey(Headers headers) {
        int count = headers.count(UpgradeHeaders.KEY);
        String key = headers.first(UpgradeHeaders.KEY);
        if (key == null || count != 1) {
            throw refuse(400, (count == 0 ? "no " : "more than one ") + UpgradeHeaders.KEY);
        }
        if (!HandshakeKey.isValid(key)) {
            throw refuse(400, "a " + UpgradeHeaders.KEY + " that is not 16 bytes in base64");
        }
        return key;
    }

    /** RFC 8441 §4, §5; RFC 9220 §3. */
    private static void checkExtendedConnect(HttpRequest request) {
        Headers headers = request.headers();
        checkHeadersOfStream(headers);
        if (!request.method().equals("CONNECT") || headers.count(":protocol") != 1) {
            throw refuse(400, "a WebSocket is asked for with CONNECT and one :protocol");
        }
        if (!ServerHandshake.isUpgrade(request)) { // RFC 9220 §3
            throw refuse(501, "the only :protocol spoken here is websocket");
        }
        if (headers.first(":scheme") == null || request.target().charAt(0) != '/') {
            throw refuse(400, "an extended CONNECT needs :scheme and :path");
        }
        checkVersion(headers);
    }

    /** What two readers could understand in two ways, for hosts that let it pass. */
    private static void checkHeadersOfStream(Headers headers) {
        for (String name : PSEUDO) {
            if (headers.count(name) > 1) {
                throw refuse(400, "more than one " + name);
            }
        }
        for (String name : OF_ONE_CONNECTION) {
            if (headers.count(name) > 0) {
                throw refuse(400, name + " has no place in HTTP/2 and HTTP/3");
            }
        }
        if (headers.count("Host") > 1) {
            throw refuse(400, "more than one Host");
        }
        String authority = headers.first(":authority");
        for (String host : headers.all("Host")) { // RFC 9113 §8.3.1
            if (authority != null && !authority.equalsIgnoreCase(host)) {
                throw refuse(400, "a Host that is not the :authority");
            }
        }
    }

    /** The host that is connected to, which an opening handshake must name. */
    static String authority(HttpRequest request) {
        String authority = request.authority();
        if (authority == null || Authority.parse(authority) == null) {
            throw refuse(400, "a Host that is not a host and a port");
        }
        return authority;
    }

    /** RFC 6455 §4.1: different tokens. No element at all counts as no header, as some clients write it (RFC 9110 §5.6.1). */
    static List<String> subprotocols(Headers headers) {
        List<String> names = headers.elements(UpgradeHeaders.PROTOCOL);
        Set<String> seen = new HashSet<>(); // not a search in the list: 8 KiB hold thousands of names
        for (String name : names) {
            if (!HttpSyntax.isToken(name) || !seen.add(name)) {
                throw refuse(400, UpgradeHeaders.PROTOCOL + " is a list of different tokens");
            }
        }
        return names;
    }
}
