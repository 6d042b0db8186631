package dev.tenon.ws.conformance.violations;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.tenon.ws.deflate.PermessageDeflate;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.HandshakeViolation;
import dev.tenon.ws.frame.Violation;
import dev.tenon.ws.handshake.ClientHandshake;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.WebSocketUri;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A response to a client that offers the subprotocol {@code chat}, permessage-deflate and {@code x-reversed}. */
record ResponseSent(HandshakeViolation violation, String text) implements Provocation {
    private static final String ACCEPT = "{accept}";
    private static final String GOOD = """
            HTTP/1.1 101 Switching Protocols
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Accept: {accept}

            """.replace("\n", "\r\n");

    static ResponseSent changed(HandshakeViolation violation, String from, String to) {
        return new ResponseSent(violation, GOOD.replace(from, to));
    }

    static ResponseSent with(HandshakeViolation violation, String line) {
        return changed(violation, "Upgrade: w", line + "\r\nUpgrade: w");
    }

    @Override
    public String receiver() {
        return "a client";
    }

    @Override
    public String example() {
        return HeadText.difference(GOOD, text);
    }

    @Override
    public @Nullable Violation provoke() throws NoSuchAlgorithmException {
        try (PermessageDeflate deflate = new PermessageDeflate()) {
            ClientHandshake client = ClientHandshake.to(WebSocketUri.parse("ws://example.com/chat"))
                    .subprotocols(List.of("chat"))
                    .extensions(Extensions.of(deflate, new Reversed()))
                    .start();
            String accept = accept(String.valueOf(client.request().headers().first("Sec-WebSocket-Key")));
            client.receive(ByteBuffer.wrap(text.replace(ACCEPT, accept).getBytes(ISO_8859_1)));
            return null;
        } catch (HandshakeException failure) {
            return failure.violation();
        }
    }

    /** RFC 6455 §4.2.2. */
    private static String accept(String key) throws NoSuchAlgorithmException {
        byte[] bytes = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(ISO_8859_1);
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-1").digest(bytes));
    }
}
