package dev.tenon.ws.examples.programs;

import dev.tenon.ws.connection.*;
import dev.tenon.ws.topics.*;

public record Lobby(Topics rooms, Presence presence, String room, String name) implements WebSocketListener {
    @Override
    public void onOpen(WebSocket webSocket) {
        rooms.subscribe(room, webSocket);
        presence.enterWhileOpen(room, name, webSocket);
        rooms.publishTextExcept(room, name + " has come", webSocket);
    }

    @Override
    public void onText(WebSocket webSocket, String text) {
        rooms.publishTextExcept(room, name + ": " + text, webSocket); // to all but the sender
    }

    @Override
    public void onClose(WebSocket webSocket, CloseEvent event) { // once after onOpen, however the connection ends
        rooms.publishText(room, name + " has left");
    }
}
