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
 * A client of a {@link MemoryServer} with an open WebSocket. It sends messages, and keeps those of the server until
 * they are received. When a call returns, all its consequences have happened, except those on threads of the
 * application: {@link #receiveText}, {@link #receiveBinary} and {@link #receiveClose} wait up to ten seconds for them.
 * Thread-safe.
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

    /** Keeps the messages and the end. */
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
     * Returns the client's end of the connection, for everything that has no method here, such as pings and the
     * subprotocol.
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
     * Sends a text message.
     *
     * @param text the message
     */
    public void sendText(String text) {
        loop.run(() -> webSocket().sendText(text));
    }

    /**
     * Sends a binary message.
     *
     * @param data the message, from position to limit
     */
    public void sendBinary(ByteBuffer data) {
        loop.run(() -> webSocket().sendBinary(data));
    }

    /**
     * Receives the next message, which must be a text.
     *
     * @return the text
     * @throws AssertionError if the next message is binary, or none arrives
     */
    public String receiveText() {
        if (receive() instanceof String text) {
            return text;
        }
        throw new AssertionError("the next message is binary, not a text");
    }

    /**
     * Receives the next message, which must be binary.
     *
     * @return the bytes; the caller may keep them
     * @throws AssertionError if the next message is a text, or none arrives
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
                            ? "no message has arrived"
                            : "no message has arrived; the connection has ended: " + closed);
        }
        return message;
    }

    /**
     * Whether a message has arrived that was not received yet.
     *
     * @return true if {@link #receiveText} or {@link #receiveBinary} need not wait
     */
    public boolean hasMessage() {
        loop.run(() -> {});
        return !received.isEmpty();
    }

    /**
     * Waits for the end of the connection.
     *
     * @return the end, as this client sees it
     * @throws AssertionError if the connection does not end
     */
    public CloseEvent receiveClose() {
        loop.await(() -> closed != null);
        CloseEvent event = closed;
        if (event == null) {
            throw new AssertionError("the connection is open");
        }
        return event;
    }

    /** Closes the connection with 1000. */
    public void close() {
        loop.run(() -> webSocket().close());
    }

    /**
     * Closes the connection.
     *
     * @param code the code
     * @param reason at most 123 bytes of UTF-8
     */
    public void close(CloseCode code, String reason) {
        loop.run(() -> webSocket().close(code, reason));
    }

    /** Ends the connection without a Close frame, as a phone does in a tunnel. */
    public void disconnect() {
        loop.run(transport::abort);
    }

    /**
     * Reads nothing until {@link #startReading}, so that the server's messages wait in the server, as for a slow
     * client.
     */
    public void stopReading() {
        loop.run(transport::pauseInput);
    }

    /** Reads again. */
    public void startReading() {
        loop.run(transport::resume);
    }

    /**
     * Describes the client for a failure of a test.
     *
     * @return the messages that were not received, and whether the connection is open
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
