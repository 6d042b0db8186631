package dev.tenon.ws.connection;

import dev.tenon.ws.frame.CloseCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;

/** An inbox, and the handler that receives from it. */
final class HandledInbox implements WebSocketListener {
    private final Inbox inbox = Inbox.create();
    private final InboxHandler handler;
    private final Executor executor;

    HandledInbox(InboxHandler handler, Executor executor) {
        this.handler = handler;
        this.executor = executor;
    }

    @Override
    public long initialDemand() {
        return inbox.initialDemand();
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        inbox.onOpen(webSocket);
        executor.execute(() -> handle(webSocket));
    }

    private void handle(WebSocket webSocket) {
        try {
            handler.handle(inbox);
        } catch (InterruptedException stopped) {
            webSocket.close(CloseCode.GOING_AWAY, "");
        } catch (Throwable thrown) {
            if (!isOwnEnd(webSocket, thrown)) {
                webSocket.close(CloseCode.INTERNAL_ERROR, "");
                throw new ListenerException(thrown);
            }
        } finally {
            inbox.close();
        }
    }

    /**
     * Whether the exception is the result of a send on a connection that has ended, which a peer can cause at any time.
     */
    private static boolean isOwnEnd(WebSocket webSocket, Throwable thrown) {
        return thrown instanceof IOException && webSocket.readyState() != ReadyState.OPEN;
    }

    @Override
    public void onText(WebSocket webSocket, String text) {
        inbox.onText(webSocket, text);
    }

    @Override
    public void onBinary(WebSocket webSocket, ByteBuffer data) {
        inbox.onBinary(webSocket, data);
    }

    @Override
    public void onClose(WebSocket webSocket, CloseEvent event) {
        inbox.onClose(webSocket, event);
    }
}
