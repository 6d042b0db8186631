package dev.tenon.ws.connection;

import dev.tenon.ws.frame.ProtocolException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Records its calls, rejects calls that break the grammar, and runs the test's code inside its calls. */
class RecordingListener implements WebSocketListener {
    final List<String> log = new ArrayList<>();
    final long demand;
    /** Called inside each callback, with its name. */
    BiConsumer<String, WebSocket> inside = (name, webSocket) -> {};

    private final List<Throwable> failures = new ArrayList<>();
    private @Nullable CloseEvent closed;
    private @Nullable Throwable error;

    private boolean busy;

    RecordingListener() {
        this(Long.MAX_VALUE);
    }

    RecordingListener(long demand) {
        this.demand = demand;
    }

    /** Returns the events since the last call. */
    List<String> takeEvents() {
        List<String> events = List.copyOf(log);
        log.clear();
        return events;
    }

    boolean isClosed() {
        return closed != null;
    }

    /** Returns the event of {@code onClose}, which must have come. */
    CloseEvent closed() {
        return Objects.requireNonNull(closed, "onClose has not come");
    }

    /** Returns the exceptions of {@code onError} about transports and peers. */
    List<Throwable> failures() {
        return failures;
    }

    /** Returns the last exception of {@code onError}, or null. */
    @Nullable
    Throwable error() {
        return error;
    }

    final void note(String name, String what, WebSocket webSocket) {
        if (busy) {
            throw new AssertionError(name + " while another call is under way");
        }
        if (closed != null && !name.equals("close")) {
            throw new AssertionError(name + " after onClose");
        }
        log.add(name + what);
        busy = true;
        try {
            inside.accept(name, webSocket);
        } finally {
            busy = false;
        }
    }

    @Override
    public long initialDemand() {
        return demand;
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        note("open", "", webSocket);
    }

    @Override
    public void onText(WebSocket webSocket, String text) {
        note("text", text.length() > 64 ? " <" + text.length() + " chars>" : " " + text, webSocket);
    }

    @Override
    public void onBinary(WebSocket webSocket, ByteBuffer data) {
        note("binary", Bytes.show(false, Bytes.of(data)), webSocket);
    }

    @Override
    public void onPing(WebSocket webSocket, ByteBuffer payload) {
        note("ping", Bytes.show(false, Bytes.of(payload)), webSocket);
    }

    @Override
    public void onPong(WebSocket webSocket, ByteBuffer payload) {
        note("pong", Bytes.show(false, Bytes.of(payload)), webSocket);
    }

    @Override
    public void onWritable(WebSocket webSocket) {
        note("writable", "", webSocket);
    }

    @Override
    public void onError(WebSocket webSocket, Throwable thrown) {
        error = thrown;
        if (thrown instanceof ListenerException) {
            note("error", " " + Objects.requireNonNull(thrown.getCause()).getMessage(), webSocket);
        } else if (thrown instanceof IOException || thrown instanceof ProtocolException) {
            failures.add(thrown); // the close event that follows has the same one
        } else {
            note("error", " " + thrown.getMessage(), webSocket);
        }
    }

    @Override
    public void onClose(WebSocket webSocket, CloseEvent event) {
        if (closed != null) {
            throw new AssertionError("a second onClose");
        }
        closed = event;
        String reason = event.reason().isEmpty() ? "" : " \"" + event.reason() + "\"";
        note("close", " " + event.code() + (event.wasClean() ? " clean" : "") + reason, webSocket);
    }

    /** Records pieces in the same way. */
    static class Streaming extends RecordingListener implements StreamingListener {
        /** The pieces so far, copied. */
        final List<byte[]> pieces = new ArrayList<>();

        Streaming() {}

        Streaming(long demand) {
            super(demand);
        }

        @Override
        public void onPiece(WebSocket webSocket, MessageType type, ByteBuffer piece, boolean last) {
            pieces.add(Bytes.of(piece));
            note("piece", Bytes.show(type == MessageType.TEXT, Bytes.of(piece)) + (last ? " last" : ""), webSocket);
        }
    }
}
