package dev.tenon.ws.connection;

import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.frame.CloseCode;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The application's view of one WebSocket connection. It is the same for clients and servers, and on every transport.
 *
 * <p>Thread-safe. Messages are sent in the order of the calls, from all threads together. A send method borrows its
 * buffer until the call returns. If bytes cannot be sent at once, the send method copies them before it returns.
 *
 * <p>While a message is sent in {@linkplain #sendPiece pieces}, other messages wait until its last piece has been sent.
 * A close waits too if another call waits in that way, at most for the {@linkplain ConnectionOptions#closeTimeout()
 * close timeout}; until then, pieces are still accepted, so that the message can end. Pings and pongs are sent between the pieces. A piece of the other message type begins the next
 * message.
 *
 * <p>No accepted message is lost silently. If an accepted message cannot be sent, {@link #sendAsync} and {@link
 * #whenSent} fail, and {@link WebSocketListener#onClose} receives an event that is not clean or that has a {@linkplain
 * CloseEvent#cause() cause}.
 */
public interface WebSocket {
    /**
     * Sends a text message in the same way as {@link #send}.
     *
     * @param text well-formed Unicode
     * @throws IllegalArgumentException if the text contains a lone surrogate, which UTF-8 cannot encode
     */
    void sendText(String text);

    /**
     * Sends a text message that is already encoded, in the same way as {@link #send}.
     *
     * @param utf8 the text, from position to limit; consumed, not changed, borrowed until this returns. The receiver
     *     checks that the text is well-formed; this end does not
     */
    void sendText(ByteBuffer utf8);

    /**
     * Sends a binary message in the same way as {@link #send}.
     *
     * @param data the bytes, from position to limit; consumed, not changed, borrowed until this returns
     */
    void sendBinary(ByteBuffer data);

    /**
     * Sends a piece of a message in the same way as {@link #send}. The piece is a separate fragment (RFC 6455 §5.4).
     *
     * @param type the type of the message, the same for all of its pieces
     * @param piece the bytes, from position to limit; consumed, not changed, borrowed until this returns. The pieces of
     *     a text together must be UTF-8, which the receiver checks; a code point may be split between two pieces
     * @param last whether this piece ends the message
     */
    void sendPiece(MessageType type, ByteBuffer piece, boolean last);

    /**
     * Sends a message. If more than {@link ConnectionOptions#outboundLimit()} bytes would wait to be sent, the
     * connection is closed with 1013 after the bytes that wait, and the listener receives an error. So no message is
     * lost silently. A sender that may be faster than its peer checks {@link #isWritable()} or uses one of the other
     * send methods.
     *
     * <p>Does nothing if the connection is closing or closed.
     *
     * @param message the message, or a piece of one
     */
    void send(Message message);

    /**
     * Sends a message if there is room for it, and returns whether the message was accepted.
     *
     * @param message the message, or a piece of one; unchanged if it is refused
     * @return whether the message or frame was accepted
     */
    @CheckReturnValue
    SendResult trySend(Message message);

    /**
     * Sends a message, and returns a stage that completes when the message has been handed to the operating system.
     *
     * @param message the message, or a piece of one
     * @return a stage that completes on the connection's thread; it fails with an {@link IOException} if the message is
     *     refused for lack of room, or is lost because the connection ends first
     */
    CompletionStage<@Nullable Void> sendAsync(Message message);

    /**
     * Waits until no more than {@link ConnectionOptions#highWaterMark()} bytes wait to be sent, and then sends a
     * message. For virtual threads, or other threads that may block.
     *
     * @param message the message, or a piece of one
     * @throws IOException if the connection is closing or closed, or ends during the call
     * @throws InterruptedException if the thread is interrupted while it waits; the message has not been sent then
     * @throws IllegalStateException if the connection's own thread calls this method, because it would block itself
     */
    void sendBlocking(Message message) throws IOException, InterruptedException;

    /**
     * Returns whether there is room for a send: the connection is open, and no more than {@link
     * ConnectionOptions#highWaterMark()} bytes wait. When there is room again, {@link WebSocketListener#onWritable} is
     * called.
     *
     * <p>While a message is sent in pieces, the result on the connection's thread is about the next piece: whole messages
     * that wait for the last piece do not count, because the sender of the pieces must not wait for them. On other
     * threads they count. So on another thread, a sender of pieces uses {@link #trySend}, {@link #sendAsync} or {@link
     * #sendBlocking} instead, and so does a sender of whole messages on the connection's thread.
     *
     * @return true if there is room
     */
    boolean isWritable();

    /**
     * Returns a stage that completes when all earlier messages have been handed to the operating system. It costs
     * nothing unless it is called. One call can cover many sends.
     *
     * @return a stage that completes on the connection's thread; it fails with an {@link IOException} if the connection
     *     ends first
     */
    CompletionStage<@Nullable Void> whenSent();

    /**
     * Sends a ping. The peer answers with a pong that has the same payload, and {@link WebSocketListener#onPong} is
     * called (RFC 6455 §5.5.2).
     *
     * @param payload at most 125 bytes, from position to limit; consumed if it is accepted, borrowed until this returns
     * @return whether the message or frame was accepted
     * @throws IllegalArgumentException if the payload is too long
     */
    SendResult sendPing(ByteBuffer payload);

    /**
     * Sends an unsolicited pong, a one-way heartbeat (RFC 6455 §5.5.3). The connection answers pings of the peer
     * itself.
     *
     * @param payload at most 125 bytes, from position to limit; consumed if it is accepted, borrowed until this returns
     * @return whether the message or frame was accepted
     * @throws IllegalArgumentException if the payload is too long
     */
    SendResult sendPong(ByteBuffer payload);

    /**
     * Returns the round-trip time of the newest ping that was answered. This is a ping of {@link #sendPing}, or a
     * keepalive ping, which is sent only after silence. The value is set before {@link WebSocketListener#onPong} is
     * called. If several pings are in flight, only the newest is measured.
     *
     * @return the time from the send to the pong, or empty if no ping has been measured yet
     */
    Optional<Duration> roundTrip();

    /**
     * Begins the closing handshake (RFC 6455 §7.1.2). Earlier messages are sent first; later messages are not sent.
     * Does nothing if the connection is already closing. Messages that are held because the application has not
     * requested them are dropped when the connection ends.
     *
     * @param code a code that {@linkplain CloseCode#isSendable() may be sent}, or 1005 to send none
     * @param reason at most 123 bytes in UTF-8
     * @throws IllegalArgumentException if the code must not be sent, or the reason is too long or not well-formed
     */
    void close(CloseCode code, String reason);

    /** Begins the closing handshake with 1000 and no reason. */
    default void close() {
        close(CloseCode.NORMAL_CLOSURE, "");
    }

    /**
     * Ends the connection at once, without a closing handshake. The close event has the code 1006 unless another
     * outcome was already settled.
     */
    void abort();

    /**
     * Adds to the number of requested messages; see {@link WebSocketListener#initialDemand()}. While no messages are
     * requested, this end reads a bounded amount ahead, so that it still answers pings. When that bound is reached, it
     * sends unsolicited pongs, so that the peer knows that this end is alive (RFC 6455 §5.5.3).
     *
     * @param messages how many more messages (or pieces, for a {@link StreamingListener}), 1 or more; {@link
     *     Long#MAX_VALUE} means no limit
     * @throws IllegalArgumentException if {@code messages} is not positive
     */
    void request(long messages);

    /**
     * Returns the state of the connection.
     *
     * @return the state; {@link ReadyState#CLOSING} from the call of {@link #close} on
     */
    ReadyState readyState();

    /**
     * Returns the number of bytes that wait to be sent, because the peer is slower or because the connection's thread
     * has not processed them yet. Bytes that the transport has not tried to write yet do not count.
     *
     * @return bytes on the wire, including frame headers; a message that waits for the connection's thread counts 64
     *     bytes more
     */
    long bufferedAmount();

    /**
     * Returns the URL of the connection: on a client the URL that the application gave, on a server the URL of the
     * request.
     *
     * @return {@code ws://host/path?query} or {@code wss:…}
     */
    String url();

    /**
     * Returns the request that opened the connection. On a server, headers, path parameters and the client's certificates are
     * in the endpoint's exchange only: the endpoint passes what the listener needs to the listener's constructor.
     *
     * @return its path and query
     */
    RequestInfo requestInfo();

    /**
     * Returns the address of the other end of the transport. This is the peer, or a proxy between the two ends, also if a
     * server trusts that proxy: the endpoint finds the address of the client in {@code upgrade.client()}.
     *
     * @return the address, or null if the transport has none
     */
    @Nullable
    SocketAddress remoteAddress();

    /**
     * Returns the negotiated subprotocol (RFC 6455 §1.9).
     *
     * @return its name, or the empty string
     */
    String subprotocol();

    /**
     * Returns the negotiated extensions, in order.
     *
     * @return the elements of the server's response
     */
    List<ExtensionOffer> extensions();

    /**
     * Returns the traffic counters of this connection. If another thread than the connection's calls this method, the
     * four numbers may be from slightly different moments.
     *
     * @return the counters
     */
    TrafficCounters counters();

    /**
     * Returns the executor that runs tasks on the connection's thread. That thread processes the sends and calls the
     * listener, unless the listener has its own executor. All connections that share a thread return the same object.
     *
     * @return the executor
     */
    ConnectionExecutor executor();

    /**
     * Returns a stage that completes when the connection has ended, before {@link WebSocketListener#onClose} is called.
     *
     * @return a stage that completes on the connection's thread, or that is already complete; it never fails
     */
    CompletionStage<CloseEvent> whenClosed();

    /**
     * Returns the attribute of this connection for a key.
     *
     * @param key the key
     * @param <T> the type of the value
     * @return the value, or null if there is none
     */
    <T> @Nullable T attribute(AttributeKey<T> key);

    /**
     * Sets the attribute of this connection for a key, and returns the previous value. Atomic.
     *
     * @param key the key
     * @param value the value, or null to remove the current value
     * @param <T> the type of the value
     * @return the previous value, or null if there was none
     */
    <T> @Nullable T attribute(AttributeKey<T> key, @Nullable T value);
}
