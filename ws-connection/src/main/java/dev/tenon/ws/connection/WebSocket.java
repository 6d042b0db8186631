package dev.tenon.ws.connection;

import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.frame.CloseCode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket connection, as an application holds it: the same on both sides and on every transport.
 *
 * <p>What is sent leaves in the order of the calls. Buffers given to a send are borrowed until the call returns: what
 * could not leave at once has been copied by then. Whether calls from several threads are safe is the transport's word;
 * those of Tenon are, {@link Connection} alone is not.
 */
public interface WebSocket {
    /**
     * Sends a text message.
     *
     * @param text well-formed Unicode
     * @return what became of it
     * @throws IllegalArgumentException if the text holds a lone surrogate: it cannot be sent as UTF-8
     * @throws IllegalStateException inside a message begun with {@link #sendPiece}
     */
    SendResult sendText(String text);

    /**
     * Sends a text message, and says what extensions may do with it.
     *
     * @param text well-formed Unicode
     * @param mode a request: by default, and where extensions cannot skip a message, nothing comes of it
     * @return what became of it
     * @throws IllegalArgumentException if the text holds a lone surrogate: it cannot be sent as UTF-8
     * @throws IllegalStateException inside a message begun with {@link #sendPiece}
     */
    default SendResult sendText(String text, SendMode mode) {
        return sendText(text);
    }

    /**
     * Sends a binary message.
     *
     * @param data the bytes, from position to limit; used up, not changed, borrowed until this returns
     * @return what became of it; {@code data} is left as it was if it is refused
     * @throws IllegalStateException inside a message begun with {@link #sendPiece}
     */
    SendResult sendBinary(ByteBuffer data);

    /**
     * Sends a binary message, and says what extensions may do with it.
     *
     * @param data the bytes, from position to limit; used up, not changed, borrowed until this returns
     * @param mode a request: by default, and where extensions cannot skip a message, nothing comes of it
     * @return what became of it; {@code data} is left as it was if it is refused
     * @throws IllegalStateException inside a message begun with {@link #sendPiece}
     */
    default SendResult sendBinary(ByteBuffer data, SendMode mode) {
        return sendBinary(data);
    }

    /**
     * Sends a piece of a message; it leaves as a fragment of its own (RFC 6455 §5.4). Pings and pongs may go between
     * the pieces, other messages may not.
     *
     * @param type the type of the message, the same for all of its pieces
     * @param piece the bytes, from position to limit; used up, not changed, borrowed until this returns. The pieces of
     *     a text together must be UTF-8, which the receiver checks; a code point may be split between two
     * @param last whether this piece ends the message
     * @return what became of it; a refused piece was not sent, and may be sent again
     * @throws IllegalStateException if a message of the other type is under way
     */
    SendResult sendPiece(MessageType type, ByteBuffer piece, boolean last);

    /**
     * Sends a piece of a message, and says what extensions may do with the message.
     *
     * @param type the type of the message, the same for all of its pieces
     * @param piece the bytes, from position to limit, as for {@link #sendPiece(MessageType, ByteBuffer, boolean)}
     * @param last whether this piece ends the message
     * @param mode a request, which counts with the first piece only: by default, and where extensions cannot skip a
     *     message, nothing comes of it
     * @return what became of it; a refused piece was not sent, and may be sent again
     * @throws IllegalStateException if a message of the other type is under way
     */
    default SendResult sendPiece(MessageType type, ByteBuffer piece, boolean last, SendMode mode) {
        return sendPiece(type, piece, last);
    }

    /**
     * Sends a message that was prepared, perhaps to many connections.
     *
     * @param message the message
     * @return what became of it
     * @throws IllegalStateException inside a message begun with {@link #sendPiece}
     */
    default SendResult send(PreparedMessage message) {
        return message.type() == MessageType.TEXT
                ? sendText(message.text(), message.mode())
                : sendBinary(message.payload(), message.mode());
    }

    /**
     * When all that was sent so far has been handed to the operating system. Costs nothing unless it is called, and
     * may be called once for many sends.
     *
     * @return completes then, on the connection's thread; fails with an {@link java.io.IOException} if the connection
     *     ends before
     * @throws UnsupportedOperationException if this kind of connection cannot tell
     */
    default CompletionStage<@Nullable Void> whenSent() {
        throw new UnsupportedOperationException("this connection does not tell when bytes have left");
    }

    /**
     * Sends a ping; the peer answers with {@link WebSocketListener#onPong} and the same payload (RFC 6455 §5.5.2).
     *
     * @param payload at most 125 bytes, from position to limit; used up, borrowed until this returns
     * @return what became of it
     * @throws IllegalArgumentException if the payload is too long
     */
    SendResult sendPing(ByteBuffer payload);

    /**
     * How long the newest ping that was answered has taken: one sent by {@link #sendPing}, or a keepalive ping, which
     * leaves after silence only. It is set before {@link WebSocketListener#onPong} is called. Of several pings under way
     * only the newest is measured.
     *
     * @return the time from the send to the pong, or empty if nothing was measured yet
     */
    default Optional<Duration> roundTrip() {
        return Optional.empty();
    }

    /**
     * Sends an unsolicited pong, a one-way heartbeat (RFC 6455 §5.5.3). Pings are answered without the application.
     *
     * @param payload at most 125 bytes, from position to limit; used up, borrowed until this returns
     * @return what became of it
     * @throws IllegalArgumentException if the payload is too long
     */
    SendResult sendPong(ByteBuffer payload);

    /**
     * Begins the closing handshake (RFC 6455 §7.1.2). All that was sent before leaves first, nothing after. Does nothing
     * if the connection is closing or closed.
     *
     * @param code a code that {@linkplain CloseCode#mayTravel() may travel}, or 1005 to send none
     * @param reason at most 123 bytes in UTF-8
     * @throws IllegalArgumentException if the code must not be sent, or the reason is too long or not well-formed
     */
    void close(CloseCode code, String reason);

    /** Begins the closing handshake with 1000 and no reason. */
    default void close() {
        close(CloseCode.NORMAL_CLOSURE, "");
    }

    /** Ends the connection at once, without a closing handshake; the application sees 1006. */
    void abort();

    /**
     * Asks for more messages, on top of those asked for before; see {@link WebSocketListener#initialDemand()}. While
     * nothing is asked for, a bounded amount is read ahead, so that pings are still answered; where that is not enough,
     * heartbeats tell the peer that this end is there (RFC 6455 §5.5.3).
     *
     * @param messages how many messages (or pieces, for a {@link StreamingListener}) more, 1 or more;
     *     {@link Long#MAX_VALUE} stands for no bound
     * @throws IllegalArgumentException if {@code messages} is not positive
     */
    void request(long messages);

    /**
     * Where the connection stands.
     *
     * @return the state
     */
    ReadyState readyState();

    /**
     * Bytes that were given to be sent and wait because the peer is slower. What was sent since the transport has last
     * tried to write does not count yet.
     *
     * @return bytes as they travel, frame headers included
     */
    long bufferedAmount();

    /**
     * The address of the connection: on a client as it was asked for, on a server as the request gave it.
     *
     * @return {@code ws://host/path?query} or {@code wss:…}
     */
    String url();

    /**
     * The subprotocol that was agreed on (RFC 6455 §1.9).
     *
     * @return its name, or the empty string
     */
    String subprotocol();

    /**
     * The extensions that were agreed on, in order.
     *
     * @return the elements of the server's answer
     */
    List<ExtensionOffer> extensions();

    /**
     * Runs tasks on the thread on which this connection's sends are processed and its listener is called, unless that has
     * an executor of its own. All connections that share a thread return the same object.
     *
     * @return the executor
     */
    ConnectionExecutor executor();

    /**
     * When the connection is over. Completes before {@link WebSocketListener#onClose} is called.
     *
     * @return completes on the connection's thread, or is complete already; never fails
     */
    CompletionStage<CloseEvent> whenClosed();

    /**
     * What is kept at this connection under a key. Safe from any thread.
     *
     * @param key the key
     * @param <T> the type of the value
     * @return the value, or null if there is none
     */
    <T> @Nullable T attribute(AttributeKey<T> key);

    /**
     * Keeps something at this connection, instead of what was kept under the key before. Safe from any thread; atomic.
     *
     * @param key the key
     * @param value the value, or null to remove the one that is there
     * @param <T> the type of the value
     * @return the value before, or null if there was none
     */
    <T> @Nullable T attribute(AttributeKey<T> key, @Nullable T value);
}
