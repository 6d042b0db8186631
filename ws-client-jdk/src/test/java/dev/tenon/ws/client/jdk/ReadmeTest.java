package dev.tenon.ws.client.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.client.WebSocketClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.WebSocket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The example of README.md, word for word. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReadmeTest {
    private static void greet(URI uri, WebSocket.Listener listener) throws IOException {
        try (WebSocketClient client = WebSocketClient.create()) {
            WebSocket webSocket = JdkWebSockets.newWebSocketBuilder(client) // was: httpClient.newWebSocketBuilder()
                    .buildAsync(uri, listener)
                    .join();
            webSocket.sendText("hello", true).join();
            webSocket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        }
    }

    @Test
    void theCodeForTheJdkPrintsHello() throws Exception {
        try (Peer peer = new Peer(script -> {
            assertEquals("81 68656c6c6f", script.upgrade().frame());
            assertEquals("88 03e8", script.frame());
            script.send("88 02 03e8");
        })) {
            greet(peer.uri(), new WebSocket.Listener() {});
            peer.done().get(20, TimeUnit.SECONDS);
        }
    }
}
