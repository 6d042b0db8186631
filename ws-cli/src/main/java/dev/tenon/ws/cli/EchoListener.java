package dev.tenon.ws.cli;

import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.StreamingListener;
import dev.tenon.ws.connection.WebSocket;
import java.nio.ByteBuffer;

/**
 * Echoes every message piece by piece, text as text and binary as binary. It requests a new piece only when the last
 * one was accepted, so a peer that does not read costs no memory.
 */
final class EchoListener implements StreamingListener {
    private boolean waiting;

    @Override
    public long initialDemand() {
        return 1;
    }

    @Override
    public void onPiece(WebSocket webSocket, MessageType type, ByteBuffer piece, boolean last) {
        webSocket.sendPiece(type, piece, last);
        if (webSocket.isWritable()) {
            webSocket.request(1);
        } else {
            waiting = true;
        }
    }

    @Override
    public void onWritable(WebSocket webSocket) {
        if (waiting) {
            waiting = false;
            webSocket.request(1);
        }
    }
}
