package dev.tenon.ws.handshake;

import static dev.tenon.ws.handshake.Samples.bytes;
import static dev.tenon.ws.handshake.Samples.client;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;

/** Shared by the tests of {@link ClientHandshake}. */
abstract class ClientHandshakeTestBase {
    static final WebSocketUri URI = WebSocketUri.parse("wss://example.org:8443/chat?a=b");

    static HandshakeException refused(ClientHandshake client, String response) {
        return assertThrows(HandshakeException.class, () -> client.receive(ByteBuffer.wrap(bytes(response))));
    }
}
