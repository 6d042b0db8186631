package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.conformance.peers.Certificate;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.WebSocketBase;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.WebSocketFrame;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Vert.x. */
final class VertxEcho extends Echo {
    private final WebSocketBase socket;

    private VertxEcho(WebSocketBase socket) {
        this.socket = socket;
    }

    /** Returns a client that requests permessage-deflate, or one with the default request. */
    static Peer.Client client(boolean deflate) {
        return (url, eventLog, certificate) -> connect(url, eventLog, deflate);
    }

    private static Stop connect(String url, EventLog eventLog, boolean deflate) {
        Vertx vertx = Vertx.vertx();
        WebSocketClientOptions options = new WebSocketClientOptions();
        if (deflate) {
            options.setTryUsePerMessageCompression(true);
        }
        WebSocketClient client = vertx.createWebSocketClient(options);
        ClientWebSocket socket = client.webSocket();
        serve(socket, eventLog);
        URI uri = URI.create(url);
        socket.connect(new WebSocketConnectOptions()
                .setHost(uri.getHost())
                .setPort(uri.getPort())
                .setURI(uri.getPath()));
        return () -> {
            client.close(); // this also keeps it referenced: Vert.x closes a client that is not
            stop(vertx);
        };
    }

    static Peer.RunningServer listen(EventLog eventLog, @Nullable Certificate certificate) throws Exception {
        Vertx vertx = Vertx.vertx();
        HttpServer server = vertx.createHttpServer()
                .webSocketHandler(socket -> serve(socket, eventLog))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        return new Peer.RunningServer(server.actualPort(), () -> stop(vertx));
    }

    private static void stop(Vertx vertx) throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static void serve(WebSocketBase socket, EventLog eventLog) {
        VertxEcho echo = new VertxEcho(socket);
        socket.textMessageHandler(echo::onText);
        socket.binaryMessageHandler(socket::writeBinaryMessage);
        socket.exceptionHandler(ignored -> socket.close()); // for example after a message that is too long
        socket.closeHandler(ignored -> {
            Short code = socket.closeStatusCode();
            eventLog.closed(code == null ? 1006 : code, socket.closeReason());
        });
    }

    @Override
    void send(String text) {
        socket.writeTextMessage(text);
    }

    @Override
    void close(int code, String reason) {
        socket.close((short) code, reason);
    }

    @Override
    boolean ping(byte[] payload) {
        socket.writePing(Buffer.buffer(payload));
        return true;
    }

    @Override
    boolean fragments(String... pieces) {
        socket.writeFrame(WebSocketFrame.textFrame(pieces[0], false));
        for (int i = 1; i < pieces.length; i++) {
            socket.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer(pieces[i]), i == pieces.length - 1));
        }
        return true;
    }
}
