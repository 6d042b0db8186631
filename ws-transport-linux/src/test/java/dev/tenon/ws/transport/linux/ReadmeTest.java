package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.Inbox;
import dev.tenon.ws.connection.Incoming;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.server.WebSocketServer;
import dev.tenon.ws.server.WebSocketServerBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The README's code makes a server and a client that understand each other. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReadmeTest {
    /** Sends each text back. */
    private static final class Echo implements WebSocketListener {
        @Override
        public void onText(WebSocket webSocket, String text) {
            webSocket.sendText(text);
        }
    }

    @Test
    void theSocketsOfTheReadmeCarryAMessage() throws Exception {
        // region sockets
        WebSocketServerBuilder server = WebSocketServer.builder().sockets(IoUring.orNio());
        WebSocketClient.Builder client = WebSocketClient.builder().sockets(IoUring.orNio());
        // endregion
        server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .route("/echo", upgrade -> upgrade.accept(new Echo()));
        try (WebSocketServer running = server.start();
                WebSocketClient connecting = client.proxy(null).build();
                Inbox inbox = connecting.openInbox("ws://127.0.0.1:" + running.port() + "/echo")) {
            inbox.webSocket().sendText("hello");
            Incoming.Text text = assertInstanceOf(Incoming.Text.class, inbox.receive(Duration.ofSeconds(30)));
            assertEquals("hello", text.text());
        }
    }
}
