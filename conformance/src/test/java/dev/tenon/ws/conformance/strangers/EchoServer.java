package dev.tenon.ws.conformance.strangers;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.server.Acceptance;
import dev.tenon.ws.server.WebSocketServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Tenon's server with an echo behind /ws, that can be told to ping and to close. */
final class EchoServer implements AutoCloseable {
    final Events events = new Events();
    final WebSocketServer server;

    EchoServer(@Nullable SSLContext tls) throws IOException {
        WebSocketServer.Builder builder = WebSocketServer.builder()
                .listen(new InetSocketAddress("127.0.0.1", 0))
                .options(
                        ConnectionOptions.DEFAULT.withMaxMessageLength(16 << 20).withOutbound(16 << 20, 64 << 20))
                .subprotocols("chat.v2", "chat.v1")
                .route("/ws", request -> Acceptance.of(new Echo()));
        if (tls != null) {
            builder.tls(tls);
        }
        server = builder.start();
    }

    String url(String scheme) {
        return scheme + "://127.0.0.1:" + server.port();
    }

    @Override
    public void close() {
        server.stop(Duration.ofSeconds(2));
    }

    private final class Echo implements WebSocketListener {
        @Override
        public void onText(WebSocket webSocket, String text) {
            switch (text) {
                case "ping me" -> webSocket.sendPing(ByteBuffer.wrap("marco".getBytes(StandardCharsets.UTF_8)));
                case "close me" -> webSocket.close(new CloseCode(4001), "as you wish");
                default -> webSocket.sendText(text);
            }
        }

        @Override
        public void onBinary(WebSocket webSocket, ByteBuffer data) {
            webSocket.sendBinary(data);
        }

        @Override
        public void onPong(WebSocket webSocket, ByteBuffer payload) {
            events.add("pong " + StandardCharsets.UTF_8.decode(payload));
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            if (event.code().value() != 1006) { // a client that was aborted: a test is over
                events.add("close " + event.code() + " " + event.reason() + (event.wasClean() ? "" : " unclean"));
            }
        }
    }
}
