package dev.tenon.ws.examples.programs;

import dev.tenon.ws.connection.*;
import dev.tenon.ws.server.*;
import dev.tenon.ws.topics.*;

public record Chat(Topics rooms, String room) implements WebSocketListener {
    @Override
    public void onOpen(WebSocket webSocket) {
        rooms.subscribe(room, webSocket); // until the connection ends
    }

    @Override
    public void onText(WebSocket webSocket, String text) {
        rooms.publishText(room, text);
    }

    static void routes(RouteBuilder<?> server) {
        Topics rooms = Topics.of(SlowSubscriber.CLOSE);
        server.route("/rooms/{room}", upgrade -> upgrade.accept(new Chat(rooms, upgrade.pathParameter("room"))));
    }

    public static void main(String[] args) throws Exception {
        WebSocketServer.builder().listen(8080).routes(Chat::routes).start();
    }
}
