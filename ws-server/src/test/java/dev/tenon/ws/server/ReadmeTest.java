package dev.tenon.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.topics.SlowSubscriber;
import dev.tenon.ws.topics.Topics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples of README.md, word for word. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReadmeTest {
    record Member(Topics rooms, String room) implements WebSocketListener {
        @Override
        public void onOpen(WebSocket webSocket) {
            rooms.subscribe(room, webSocket);
        }

        @Override
        public void onText(WebSocket webSocket, String text) {
            rooms.publishText(room, text);
        }
    }

    private static WebSocketServer start(int port) throws IOException {
        Topics rooms = Topics.of(SlowSubscriber.CLOSE);
        WebSocketServer server = WebSocketServer.builder()
                .listen(new InetSocketAddress("127.0.0.1", port))
                .route("/rooms/{room}", upgrade -> upgrade.accept(new Member(rooms, upgrade.pathParameter("room"))))
                .get("/", request -> HttpResponse.text(200, "Rooms: " + rooms.names() + "\n"))
                .start();
        return server;
    }

    @Test
    void membersOfARoomGetItsMessages() throws IOException {
        try (WebSocketServer server = start(0);
                RawClient speaker = joined(server, "/rooms/oak");
                RawClient listener = joined(server, "/rooms/oak");
                RawClient elsewhere = joined(server, "/rooms/elm")) {
            speaker.send(Frame.text("hello"));
            assertEquals(Frame.text("hello"), speaker.frame());
            assertEquals(Frame.text("hello"), listener.frame());
            elsewhere.send(Frame.text("anybody?"));
            assertEquals(Frame.text("anybody?"), elsewhere.frame());
            try (RawClient http = new RawClient(server)) {
                http.send("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
                String page = http.rest();
                assertTrue(page.contains("oak") && page.contains("elm"), page);
            }
        }
    }

    @Test
    void aMemberReceivesTheMessagesOfTheOthersInTheRoom() {
        Topics rooms = Topics.of(SlowSubscriber.CLOSE);
        try (MemoryServer server = WebSocketServer.builder()
                .route("/rooms/{room}", upgrade -> upgrade.accept(new Member(rooms, upgrade.pathParameter("room"))))
                .startInMemory()) {
            MemoryClient ann = server.connect("/rooms/oak");
            MemoryClient bob = server.connect("/rooms/oak");
            MemoryClient eve = server.connect("/rooms/elm");
            ann.sendText("hello");
            assertEquals("hello", bob.receiveText());
            assertFalse(eve.hasMessage());
        }
    }

    @Test
    void aServerInAPodIsStoppedByItsHook() throws IOException {
        WebSocketServer server = start(0);
        ShutdownOptions rolling = ShutdownOptions.within(Duration.ofSeconds(50))
                .withNotice(Duration.ofSeconds(10)) // /ready gets 503, new connections are accepted
                .withSpread(Duration.ofSeconds(30)) // WebSockets are closed one after the other, in random order
                .withClose(CloseCode.SERVICE_RESTART, "");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(rolling)));
        assertTrue(server.isReady());
        server.close(); // so that the hook has nothing to do
        assertFalse(server.isReady());
    }

    private static RawClient joined(WebSocketServer server, String room) throws IOException {
        RawClient client = new RawClient(server);
        client.send(RawClient.upgrade(room, ""));
        assertTrue(client.head().startsWith("HTTP/1.1 101 "));
        return client;
    }
}
