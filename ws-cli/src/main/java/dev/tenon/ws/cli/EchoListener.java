package dev.tenon.ws.cli;

import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.StreamingListener;
import dev.tenon.ws.connection.WebSocket;
import java.nio.ByteBuffer;

/**
 * Sends every message back, piece by piece as it comes, text as text and binary as binary. Takes a new piece only when
 * the last one has found room, so that a peer that does not read costs no memory.
 */
final class EchoListener implements StreamingListener {
    private boolean waiting;

    @Override
    public long initialDemand() {
        return 1;
    }

    @Override
    public void onPiece(WebSocket webSocket, MessageType type, ByteBuffer piece, boolean last) {
        SendResult result = webSocket.sendPiece(type, piece, last);
        if (result == SendResult.QUEUED) {
            webSocket.request(1);
        } else {
            waiting = true; // a piece is refused only by a connection that is closing: nothing waits when one is taken
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
