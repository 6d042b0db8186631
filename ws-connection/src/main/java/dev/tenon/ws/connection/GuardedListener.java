package dev.tenon.ws.connection;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Calls the listener: whatever it throws ends its own connection and nothing else. */
final class GuardedListener {
    private final WebSocketListener listener;
    private final Consumer<Throwable> onThrown;
    private final Workspace workspace;
    private WebSocket session;

    GuardedListener(WebSocketListener listener, WebSocket session, Workspace workspace, Consumer<Throwable> onThrown) {
        this.listener = listener;
        this.session = session;
        this.workspace = workspace;
        this.onThrown = onThrown;
    }

    void open(WebSocket session) {
        this.session = session;
        try {
            listener.onOpen(session);
        } catch (RuntimeException | Error thrown) {
            onThrown.accept(thrown);
        }
    }

    /** Hands on a message, or a piece of one; a text that came whole is checked here, as it is decoded. */
    void message(MessageType type, ByteBuffer payload, boolean last) {
        if (listener instanceof StreamingListener streaming) {
            piece(streaming, type, payload, last);
        } else if (type == MessageType.TEXT) {
            text(workspace.decodeUtf8(payload));
        } else {
            binary(payload);
        }
    }

    private void piece(StreamingListener streaming, MessageType type, ByteBuffer payload, boolean last) {
        try {
            streaming.onPiece(session, type, payload, last);
        } catch (RuntimeException | Error thrown) {
            onThrown.accept(thrown);
        }
    }

    private void text(String text) {
        try {
            listener.onText(session, text);
        } catch (RuntimeException | Error thrown) {
            onThrown.accept(thrown);
        }
    }

    private void binary(ByteBuffer payload) {
        try {
            listener.onBinary(session, payload);
        } catch (RuntimeException | Error thrown) {
            onThrown.accept(thrown);
        }
    }

    void ping(ByteBuffer payload) {
        try {
            listener.onPing(session, payload);
        } catch (RuntimeException | Error thrown) {
            onThrown.accept(thrown);
        }
    }

    void pong(ByteBuffer payload) {
        try {
            listener.onPong(session, payload);
        } catch (RuntimeException | Error thrown) {
            onThrown.accept(thrown);
        }
    }

    void writable() {
        try {
            listener.onWritable(session);
        } catch (RuntimeException | Error thrown) {
            onThrown.accept(thrown);
        }
    }

    /** Tells the listener what it has thrown; what it throws at that is kept beside it. */
    void error(Throwable thrown) {
        try {
            listener.onError(session, thrown);
        } catch (RuntimeException | Error again) {
            if (again != thrown) {
                thrown.addSuppressed(again);
            }
        }
    }

    void close(CloseEvent event) {
        listener.onClose(session, event);
    }
}
