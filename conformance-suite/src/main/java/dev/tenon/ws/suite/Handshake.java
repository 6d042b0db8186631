package dev.tenon.ws.suite;

import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/** Writes and checks opening handshakes (RFC 6455 §4). */
final class Handshake {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Handshake() {}

    static String key() {
        byte[] nonce = new byte[16];
        RANDOM.nextBytes(nonce);
        return Base64.getEncoder().encodeToString(nonce);
    }

    static String request(URI uri, String key, String extensions) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return "GET " + path + query + " HTTP/1.1\r\n"
                + "Host: " + uri.getHost() + port + "\r\n"
                + "Upgrade: websocket\r\n"
                + "Connection: Upgrade\r\n"
                + "Sec-WebSocket-Key: " + key + "\r\n"
                + "Sec-WebSocket-Version: 13\r\n"
                + (extensions.isEmpty() ? "" : "Sec-WebSocket-Extensions: " + extensions + "\r\n")
                + "\r\n";
    }

    static String response(Head request, String extensions) {
        return "HTTP/1.1 101 Switching Protocols\r\n"
                + "Upgrade: websocket\r\n"
                + "Connection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + Head.accept(request.value("Sec-WebSocket-Key")) + "\r\n"
                + (extensions.isEmpty() ? "" : "Sec-WebSocket-Extensions: " + extensions + "\r\n")
                + "\r\n";
    }

    /** Responds to a request in any version of HTTP with a status that is an error. */
    static void refuse(Wire wire, String status) throws IOException {
        StreamLink stream = wire.stream();
        if (stream == null) {
            wire.sendHead("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        } else {
            StreamHandshake.send(wire, stream, List.of(new Field(":status", status.substring(0, 3))), true);
        }
    }

    /** Throws {@link CaseFailure} for the first rule that a server's response breaks (RFC 6455 §4.2.2). */
    static void checkResponse(Head response, String key) throws CaseFailure {
        rule(response.status() == 101, "the request is refused: " + Wire.firstLine(response.text()));
        rule(response.text().endsWith("\r\n\r\n"), "the response's head does not end");
        rule(Wire.firstLine(response.text()).startsWith("HTTP/1.1 "), "the response is not HTTP/1.1");
        rule(response.value("Upgrade").equalsIgnoreCase("websocket"), "the response lacks 'Upgrade: websocket'");
        rule(response.hasToken("Connection", "upgrade"), "the response lacks 'Connection: Upgrade'");
        List<String> accepts = response.values("Sec-WebSocket-Accept");
        rule(accepts.equals(List.of(Head.accept(key))), "Sec-WebSocket-Accept is " + accepts + " (RFC 6455 §4.2.2)");
        rule(
                response.values("Sec-WebSocket-Protocol").isEmpty(),
                "the response has a subprotocol that was not offered");
    }

    /** Throws {@link CaseFailure} for the first rule that a client's request breaks (RFC 6455 §4.1). */
    static void checkRequest(Head request) throws CaseFailure {
        rule(Wire.firstLine(request.text()).matches("GET /\\S* HTTP/1\\.1"), "the request line is wrong");
        rule(request.values("Host").size() == 1, "the request lacks its one Host");
        rule(request.hasToken("Upgrade", "websocket"), "the request lacks 'Upgrade: websocket'");
        rule(request.hasToken("Connection", "upgrade"), "the request lacks 'Connection: Upgrade'");
        rule(request.values("Sec-WebSocket-Version").equals(List.of("13")), "the request's version is not 13");
        rule(
                request.value("Sec-WebSocket-Key").matches("[A-Za-z0-9+/]{21}[AQgw]=="),
                "Sec-WebSocket-Key is not 16 bytes in base64 (RFC 6455 §4.1)");
    }

    static void rule(boolean kept, String broken) throws CaseFailure {
        if (!kept) {
            throw new CaseFailure(broken);
        }
    }
}
