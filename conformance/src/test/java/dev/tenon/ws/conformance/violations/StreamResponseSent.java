package dev.tenon.ws.conformance.violations;

import dev.tenon.ws.frame.HandshakeViolation;
import dev.tenon.ws.frame.Violation;
import dev.tenon.ws.handshake.ClientHandshake;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.handshake.WebSocketUri;
import org.jspecify.annotations.Nullable;

/**
 * The response to an extended CONNECT, as an HTTP/2 host passes it on (RFC 8441).
 *
 * @param name its only header
 * @param value the value of the header
 */
record StreamResponseSent(HandshakeViolation violation, String name, String value) implements Provocation {
    @Override
    public String receiver() {
        return "a client, in HTTP/2";
    }

    @Override
    public String example() {
        return "`" + name + ": " + value + "`";
    }

    @Override
    public @Nullable Violation provoke() {
        ClientHandshake client = ClientHandshake.to(WebSocketUri.parse("wss://example.com/chat"))
                .version(HttpVersion.HTTP_2)
                .start();
        try {
            client.verify(HttpResponse.of(200, Headers.of(name, value)));
            return null;
        } catch (HandshakeException failure) {
            return failure.violation();
        }
    }
}
