package dev.tenon.ws.conformance.readme;

import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.FrameDecoder;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.server.WebSocketServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Contains the code of README.md between "region" and "endregion", word for word; {@link ReadmeTest} compares them. */
final class Snippets {
    private Snippets() {}

    /** The code of docs/guides/first-minute.md. */
    static WebSocketServer server(int port) throws IOException {
        class Echo implements WebSocketListener {
            @Override
            public void onText(WebSocket webSocket, String text) {
                webSocket.sendText(text);
            }
        }

        WebSocketServer server = WebSocketServer.builder()
                .listen(new InetSocketAddress("127.0.0.1", port))
                .route("/echo", upgrade -> upgrade.accept(new Echo()))
                .start();
        return server;
    }

    static void client(String uri, WebSocketListener listener) throws IOException {
        // region client
        try (WebSocketClient client = WebSocketClient.create()) {
            WebSocket webSocket = client.connect(uri, listener).join();
            webSocket.sendText("hello");
            webSocket.close();
        } // waits until the connection has ended
        // endregion
    }

    static String codec(ByteBuffer input) {
        StringBuilder log = new StringBuilder();
        // region codec
        FrameDecoder decoder = new FrameDecoder(FrameRules.receivedBy(Role.SERVER));
        while (decoder.decode(
                input,
                (firstByte, payload, end) -> log.append(firstByte).append(' ').append(payload.remaining()))) {
            // each call decodes one piece of a frame: stop here at any time, and continue later
        }
        // endregion
        return log.toString();
    }
}
