package dev.tenon.ws.server;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingDeque;
import org.jspecify.annotations.Nullable;

/**
 * A client of a {@link MemoryServer}, with an open WebSocket: sends, and reads what has come, in order. Whatever follows
 * from a call has happened when it returns, but for what runs on threads of the application's own: for that, {@link
 * #receiveText}, {@link #receiveBinary} and {@link #receiveClose} wait up to ten seconds. Thread-safe.
 */
public final class MemoryClient {
    private final MemoryLoop loop;
    private final MemoryTransport transport;
    private final LinkedBlockingDeque<Object> received = new LinkedBlockingDeque<>();
    private volatile @Nullable WebSocket webSocket;
    private volatile @Nullable CloseEvent closed;

    MemoryClient(MemoryLoop loop, MemoryTransport transport) {
        this.loop = loop;
        this.transport = transport;
    }

    /** Writes down what comes. */
    final class Recorder implements WebSocketListener {
        @Override
        public void onOpen(WebSocket opened) {
            webSocket = opened;
        }

        @Override
        public void onText(WebSocket from, String text) {
            received.add(text);
        }

        @Override
        public void onBinary(WebSocket from, ByteBuffer data) {
            received.add(ByteBuffer.allocate(data.remaining()).put(data).flip());
        }

        @Override
        public void onClose(WebSocket from, CloseEvent event) {
            closed = event;
        }
    }

    /**
     * The client's end, for all that has no method here: pings, round trips, the subprotocol.
     *
     * @return the WebSocket
     */
    public WebSocket webSocket() {
        WebSocket opened = webSocket;
        if (opened == null) {
            throw new IllegalStateException("the connection is not open");
        }
        return opened;
    }

    /**
     * Sends a text.
     *
     * @param text the message
     */
    public void sendText(String text) {
        loop.run(() -> webSocket().sendText(text));
    }

    /**
     * Sends bytes.
     *
     * @param data the message, from position to limit
     */
    public void sendBinary(ByteBuffer data) {
        loop.run(() -> webSocket().sendBinary(data));
    }

    /**
     * Reads the next message, which is a text.
     *
     * @return the text
     * @throws AssertionError if the next message is binary, or none comes
     */
    public String receiveText() {
        if (receive() instanceof String text) {
            return text;
        }
        throw new AssertionError("the next message is binary, not a text");
    }

    /**
     * Reads the next message, which is binary.
     *
     * @return the bytes, the caller's to keep
     * @throws AssertionError if the next message is a text, or none comes
     */
    public ByteBuffer receiveBinary() {
        Object message = receive();
        if (message instanceof ByteBuffer data) {
            return data;
        }
        throw new AssertionError("the next message is the text \"" + message + "\", not binary");
    }

    private Object receive() {
        loop.await(() -> !received.isEmpty() || closed != null);
        Object message = received.poll();
        if (message == null) {
            throw new AssertionError(
                    closed == null
                            ? "no message has come"
                            : "no message has come; the connection has ended: " + closed);
        }
        return message;
    }

    /**
     * Whether a message has come that was not read.
     *
     * @return true if {@link #receiveText} or {@link #receiveBinary} has one at once
     */
    public boolean hasMessage() {
        loop.run(() -> {});
        return !received.isEmpty();
    }

    /**
     * Waits for the end of the connection.
     *
     * @return how it has ended, as this client sees it
     * @throws AssertionError if it does not end
     */
    public CloseEvent receiveClose() {
        loop.await(() -> closed != null);
        CloseEvent event = closed;
        if (event == null) {
            throw new AssertionError("the connection is open");
        }
        return event;
    }

    /** Closes with 1000. */
    public void close() {
        loop.run(() -> webSocket().close());
    }

    /**
     * Closes.
     *
     * @param code the code
     * @param reason at most 123 bytes of UTF-8
     */
    public void close(CloseCode code, String reason) {
        loop.run(() -> webSocket().close(code, reason));
    }

    /** Leaves without a Close frame, as a phone does in a tunnel. */
    public void disconnect() {
        loop.run(transport::abort);
    }

    /** Reads nothing until {@link #startReading}, so that what the server sends waits there, as for a slow client. */
    public void stopReading() {
        loop.run(transport::pauseInput);
    }

    /** Goes on to read. */
    public void startReading() {
        loop.run(transport::resume);
    }

    /**
     * What has come and was not read.
     *
     * @return the messages, for people
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("MemoryClient[");
        for (Object message : received) {
            text.append(
                    message instanceof ByteBuffer data
                            ? StandardCharsets.ISO_8859_1.decode(data.duplicate())
                            : message);
            text.append("; ");
        }
        return text.append(closed == null ? "open" : closed).append(']').toString();
    }
}
