package dev.tenon.ws.connection;

import dev.tenon.ws.frame.CloseCode;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A connection on which values are sent. Thread-safe, as the connection is. All sends throw a {@link CodecException} if the
 * value cannot be encoded; nothing was sent then, and the connection goes on.
 *
 * @param webSocket the connection
 * @param codec makes messages of values
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
     * @return what became of it
     */
    @CheckReturnValue
    public SendResult trySend(T value) {
        return webSocket.trySend(encoded(value));
    }

    /**
     * Sends a value as {@link WebSocket#sendAsync} sends a message.
     *
     * @param value the value
     * @return completes when it has left, as said there
     */
    public CompletionStage<@Nullable Void> sendAsync(T value) {
        return webSocket.sendAsync(encoded(value));
    }

    /**
     * Sends a value as {@link WebSocket#sendBlocking} sends a message.
     *
     * @param value the value
     * @throws IOException if the connection is closing or closed, or ends meanwhile
     * @throws InterruptedException if the thread is interrupted while it waits; nothing was sent then
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
