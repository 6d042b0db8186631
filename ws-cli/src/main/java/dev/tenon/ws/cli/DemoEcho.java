package dev.tenon.ws.cli;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.StreamingListener;
import dev.tenon.ws.connection.WebSocket;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Echoes messages, and reports the end of the connection to the view, if there is one. */
final class DemoEcho implements StreamingListener {
    private final EchoListener echo = new EchoListener();
    private final @Nullable DemoView view;
    private @Nullable WebSocket open;
    private boolean inMessage;

    DemoEcho(@Nullable DemoView view) {
        this.view = view;
    }

    /** The connection while it is open, otherwise null. */
    @Nullable
    WebSocket open() {
        return open;
    }

    /** Whether an echoed message is incomplete. */
    boolean isInMessage() {
        return inMessage;
    }

    @Override
    public long initialDemand() {
        return echo.initialDemand();
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        open = webSocket;
    }

    @Override
    public void onPiece(WebSocket webSocket, MessageType type, ByteBuffer piece, boolean last) throws Exception {
        inMessage = !last;
        echo.onPiece(webSocket, type, piece, last);
    }

    @Override
    public void onWritable(WebSocket webSocket) throws Exception {
        echo.onWritable(webSocket);
    }

    @Override
    public void onClose(WebSocket webSocket, CloseEvent event) {
        open = null;
        if (view != null) {
            view.show(new Json()
                    .put("type", "end")
                    .put("code", event.code().value())
                    .put("reason", event.reason())
                    .put("clean", event.wasClean())
                    .toString());
        }
    }
}
