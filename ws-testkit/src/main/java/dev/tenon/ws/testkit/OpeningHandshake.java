package dev.tenon.ws.testkit;

import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A successful opening handshake over HTTP/1.1 (RFC 6455 §1.3, §4). Immutable. See {@link Handshakes#openings}.
 *
 * @param request the client's request
 * @param response a server's response that accepts it, without extensions
 */
public record OpeningHandshake(HttpRequest request, HttpResponse response) {
    /**
     * The accept value of a key (RFC 6455 §4.2.2).
     *
     * @param key {@code Sec-WebSocket-Key}
     * @return {@code Sec-WebSocket-Accept}
     */
    public static String accept(String key) {
        byte[] text = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-1", e);
        }
    }

    /**
     * Returns a text for reports.
     *
     * @return the heads of the request and of the response
     */
    @Override
    public String toString() {
        return StandardCharsets.ISO_8859_1.decode(request.encode()).toString()
                + StandardCharsets.ISO_8859_1.decode(response.encode());
    }
}
