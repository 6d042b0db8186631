package dev.tenon.ws.examples.guide;

import dev.tenon.ws.connection.*;
import dev.tenon.ws.server.*;
import dev.tenon.ws.topics.*;
import java.nio.file.Path;

public record ChatPage(Topics topics) implements WebSocketListener {
    @Override
    public void onOpen(WebSocket webSocket) {
        topics.subscribe("chat", webSocket);
    }

    @Override
    public void onText(WebSocket webSocket, String text) {
        topics.publishText("chat", text);
    }

    public static void main(String[] args) throws Exception {
        Topics topics = Topics.of(SlowSubscriber.CLOSE);
        WebSocketServer.builder()
                .listen(8080)
                .route("/chat", upgrade -> upgrade.accept(new ChatPage(topics)))
                .files("/", Path.of("pages"))
                .start();
    }
}
