package dev.tenon.ws.client;

import static dev.tenon.ws.client.Peer.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.tenon.ws.handshake.HandshakeException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that refuse, but neither finish the body nor end the connection. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnfinishedRefusalTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "Content-Length: 100\r\n", "Transfer-Encoding: chunked\r\n"})
    void theStatusIsReportedAtTheDeadline(String length) throws Exception {
        Peer[] peer = new Peer[1];
        peer[0] = Peer.start(socket -> {
            peer[0].head(socket);
            say(socket, "HTTP/1.1 429 Slow\r\nRetry-After: 7\r\n" + length + "\r\n5\r\nlater\r\n");
            while (socket.getInputStream().read() >= 0) {
                // the client has closed the connection
            }
        });
        try (Peer server = peer[0];
                WebSocketClient client = WebSocketClient.builder()
                        .proxy(null)
                        .handshakeTimeout(Duration.ofMillis(300))
                        .build()) {
            HandshakeException refusal =
                    Chat.failure(HandshakeException.class, client.connect(ConnectRequest.to(server.uri()), new Chat()));
            assertEquals(429, refusal.status());
            assertInstanceOf(SocketTimeoutException.class, refusal.getSuppressed()[0]);
        }
    }
}
