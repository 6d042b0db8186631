package dev.tenon.ws.client.jdk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.tenon.ws.connection.Message;
import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.ReadyState;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.handshake.WebSocketUri;
import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection of Tenon as a WebSocket of the JDK: {@link SendQueue} completes the futures of sends, {@link CallQueue}
 * calls the listener.
 */
final class JdkWebSocket implements WebSocket {
    private static final int MAX_REASON = 123;

    private final dev.tenon.ws.connection.WebSocket connection;
    private final CallQueue calls;
    private final SendQueue messages;
    private final SendQueue controls;
    private final SendQueue closes;
    private final AtomicBoolean outputClosed = new AtomicBoolean();
    private volatile boolean inputClosed;
    /** The type of the current message; only the sender uses it. */
    private volatile @Nullable MessageType begun;

    JdkWebSocket(dev.tenon.ws.connection.WebSocket connection, CallQueue calls, Executor executor) {
        this.connection = connection;
        this.calls = calls;
        this.messages = new SendQueue(connection, executor, calls::cleanEnd);
        this.controls = new SendQueue(connection, executor, calls::cleanEnd);
        this.closes = new SendQueue(connection, executor, calls::cleanEnd);
    }

    @Override
    public CompletableFuture<WebSocket> sendText(CharSequence data, boolean last) {
        requireNonNull(data, "data");
        return messages.send(this, isOutputClosed(), () -> {
            ByteBuffer bytes;
            try {
                bytes = UTF_8.newEncoder().encode(CharBuffer.wrap(data));
            } catch (CharacterCodingException malformed) {
                throw new IOException("the text holds a lone surrogate", malformed);
            }
            return piece(MessageType.TEXT, bytes, last);
        });
    }

    @Override
    public CompletableFuture<WebSocket> sendBinary(ByteBuffer data, boolean last) {
        requireNonNull(data, "data");
        return messages.send(this, isOutputClosed(), () -> piece(MessageType.BINARY, data, last));
    }

    private Supplier<SendResult> piece(MessageType type, ByteBuffer bytes, boolean last) {
        MessageType underWay = begun;
        if (underWay != null && underWay != type) {
            throw new IllegalStateException("the message that has begun is " + underWay + ", not " + type);
        }
        begun = last ? null : type;
        return () -> connection.trySend(Message.piece(type, bytes, last));
    }

    @Override
    public CompletableFuture<WebSocket> sendPing(ByteBuffer message) {
        requireNonNull(message, "message");
        return controls.send(this, isOutputClosed(), () -> () -> connection.sendPing(message));
    }

    @Override
    public CompletableFuture<WebSocket> sendPong(ByteBuffer message) {
        requireNonNull(message, "message");
        return controls.send(this, isOutputClosed(), () -> () -> connection.sendPong(message));
    }

    @Override
    public CompletableFuture<WebSocket> sendClose(int statusCode, String reason) {
        requireNonNull(reason, "reason");
        if (!mayClose(statusCode)) {
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException("a client does not close with " + statusCode));
        }
        if (!UTF_8.newEncoder().canEncode(reason) || reason.getBytes(UTF_8).length > MAX_REASON) {
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException("a reason is at most 123 bytes of well-formed UTF-8"));
        }
        if (isOutputClosed() || !outputClosed.compareAndSet(false, true)) {
            return CompletableFuture.failedFuture(SendQueue.closed());
        }
        return closes.send(this, false, () -> () -> {
            connection.close(new CloseCode(statusCode), reason);
            return SendResult.QUEUED;
        });
    }

    /**
     * Whether {@link WebSocket#sendClose} allows a code. Codes of servers and of the protocol itself are not allowed.
     */
    private static boolean mayClose(int code) {
        return switch (code) {
            case 1000, 1001, 1008, 1011 -> true;
            default -> code >= 3000 && code <= 4999;
        };
    }

    @Override
    public void request(long n) {
        calls.request(n);
    }

    @Override
    public String getSubprotocol() {
        return connection.subprotocol();
    }

    @Override
    public boolean isOutputClosed() {
        return outputClosed.get() || connection.readyState() != ReadyState.OPEN;
    }

    @Override
    public boolean isInputClosed() {
        return inputClosed;
    }

    @Override
    public void abort() {
        calls.stop();
        end();
        connection.abort();
    }

    /** The connection has ended in both directions. */
    void end() {
        inputClosed = true;
        outputClosed.set(true);
    }

    /** Ends the connection with the given code. */
    void fail(CloseCode code) {
        connection.close(code, "");
    }

    @Override
    public String toString() {
        return "WebSocket[" + WebSocketUri.parse(connection.url()).redacted() + "]";
    }
}
