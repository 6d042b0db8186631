package dev.tenon.ws.connection;

import dev.tenon.ws.frame.CloseCode;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A view of a connection for sending values. Thread-safe, as the connection is. All send methods throw a {@link
 * CodecException} if the value cannot be encoded; nothing is sent then, and the connection continues.
 *
 * @param webSocket the connection
 * @param codec encodes the values
 * @param <T> the type of the values
 */
public record TypedWebSocket<T>(WebSocket webSocket, Codec<T> codec) {
    /**
     * Sends a value as {@link WebSocket#send} sends a message.
     *
     * @param value the value
     */
    public void send(T value) {
        webSocket.send(encoded(value));
    }

    /**
     * Sends a value as {@link WebSocket#trySend} sends a message.
     *
     * @param value the value
     * @return whether the message was accepted
     */
    @CheckReturnValue
    public SendResult trySend(T value) {
        return webSocket.trySend(encoded(value));
    }

    /**
     * Sends a value as {@link WebSocket#sendAsync} sends a message.
     *
     * @param value the value
     * @return a stage that completes when the message has been handed to the operating system; see {@link
     *     WebSocket#sendAsync}
     */
    public CompletionStage<@Nullable Void> sendAsync(T value) {
        return webSocket.sendAsync(encoded(value));
    }

    /**
     * Sends a value as {@link WebSocket#sendBlocking} sends a message.
     *
     * @param value the value
     * @throws IOException if the connection is closing or closed, or ends during the call
     * @throws InterruptedException if the thread is interrupted while it waits; the value has not been sent then
     */
    public void sendBlocking(T value) throws IOException, InterruptedException {
        webSocket.sendBlocking(encoded(value));
    }

    private Message encoded(T value) {
        try {
            return codec.encode(value);
        } catch (CodecException known) {
            throw known;
        } catch (Exception thrown) {
            throw new CodecException(CloseCode.INTERNAL_ERROR, "a value cannot be encoded: " + thrown, thrown);
        }
    }
}
