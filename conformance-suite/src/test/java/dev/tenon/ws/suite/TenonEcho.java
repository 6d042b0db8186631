package dev.tenon.ws.suite;

import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.server.WebSocketServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Supplier;

/** Tenon's server as an echo, and the listener of the echo. */
final class TenonEcho implements AutoCloseable {
    static final ConnectionOptions OPTIONS =
            ConnectionOptions.DEFAULT.withMaxMessageLength(32 << 20).withOutbound(1 << 20, 64 << 20);

    private final WebSocketServer server;

    TenonEcho(Extensions extensions) throws IOException {
        this(extensions, Echo::new);
    }

    TenonEcho(Extensions extensions, Supplier<WebSocketListener> listener) throws IOException {
        this(OPTIONS, extensions, listener);
    }

    TenonEcho(ConnectionOptions options, Extensions extensions, Supplier<WebSocketListener> listener)
            throws IOException {
        server = WebSocketServer.builder()
                .options(options)
                .extensions(extensions)
                .listen(new InetSocketAddress("127.0.0.1", 0))
                .route("/{path...}", upgrade -> upgrade.accept(listener.get()))
                .start();
    }

    int port() {
        return server.port();
    }

    String url() {
        return "ws://127.0.0.1:" + port() + "/";
    }

    @Override
    public void close() {
        server.stop(Duration.ofSeconds(1));
    }

    /** Sends every message back. */
    static class Echo implements WebSocketListener {
        @Override
        public void onText(WebSocket webSocket, String text) {
            webSocket.sendText(text);
        }

        @Override
        public void onBinary(WebSocket webSocket, ByteBuffer data) {
            webSocket.sendBinary(data);
        }
    }
}
