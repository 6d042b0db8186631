package dev.tenon.ws.conformance.strangers;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.server.HttpExchange;
import dev.tenon.ws.server.ServerTls;
import dev.tenon.ws.server.WebSocketServer;
import dev.tenon.ws.server.WebSocketServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Tenon's server with an echo at /ws, which sends pings and closes on command. */
final class EchoServer implements AutoCloseable {
    final Events events = new Events();
    final Semaphore pings = new Semaphore(0);
    final WebSocketServer server;

    EchoServer(@Nullable SSLContext tls) throws IOException {
        this(tls, Extensions.load());
    }

    EchoServer(@Nullable SSLContext tls, Extensions extensions) throws IOException {
        WebSocketServerBuilder builder = WebSocketServer.builder()
                .options(
                        ConnectionOptions.DEFAULT.withMaxMessageLength(16 << 20).withOutbound(16 << 20, 64 << 20))
                .extensions(extensions)
                .subprotocols("chat.v2", "chat.v1")
                .http(EchoServer::page)
                .route("/ws", upgrade -> upgrade.accept(new Echo()));
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", 0);
        if (tls == null) {
            builder.listen(address);
        } else {
            builder.listen(address, ServerTls.byHost(host -> tls));
        }
        server = builder.start();
    }

    /** A page for browsers at the root, so that a page of the same origin exists. */
    private static HttpResponse page(HttpExchange request) {
        return request.path().equals("/")
                ? new HttpResponse(
                        200,
                        "OK",
                        Headers.of("Content-Type", "text/html"),
                        ByteBuffer.wrap("<title>echo</title>".getBytes(StandardCharsets.UTF_8)))
                : HttpResponse.text(404, "not here");
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
                default -> {
                    if (text.startsWith("close with ")) {
                        webSocket.close(new CloseCode(Integer.parseInt(text.substring(11))), "why not");
                    } else {
                        webSocket.sendText(text);
                    }
                }
            }
        }

        @Override
        public void onBinary(WebSocket webSocket, ByteBuffer data) {
            webSocket.sendBinary(data);
        }

        @Override
        public void onPing(WebSocket webSocket, ByteBuffer payload) {
            pings.release();
        }

        @Override
        public void onPong(WebSocket webSocket, ByteBuffer payload) {
            events.add("pong " + StandardCharsets.UTF_8.decode(payload));
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            if (event.code().value() != 1006) { // 1006: a test is over and has aborted its client
                events.add("close " + event.code() + " " + event.reason() + (event.wasClean() ? "" : " unclean"));
            }
        }
    }
}
