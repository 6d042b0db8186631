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
 * One WebSocket connection, as an application holds it: the same on both sides and on every transport.
 *
 * <p>Thread-safe. What is sent leaves in the order of the calls, from whichever thread they come. Buffers given to a send
 * are borrowed until the call returns: what could not leave at once has been copied by then.
 *
 * <p>While a message is sent in {@linkplain #sendPiece pieces}, other messages wait behind its last piece, and so does a
 * close if one of those waits, for the {@linkplain ConnectionOptions#closeTimeout() close timeout} at most; pings and pongs leave between the pieces. A piece of the other type begins the next message.
 *
 * <p>What a send has taken leaves, or its sender learns that it was lost: {@link #sendAsync} and {@link #whenSent} fail,
 * and {@link WebSocketListener#onClose} reports an end that is not clean, or one with a {@linkplain CloseEvent#cause()
 * cause}.
 */
public interface WebSocket {
    /**
     * Sends a text message, as {@link #send} does.
     *
     * @param text well-formed Unicode
     * @throws IllegalArgumentException if the text holds a lone surrogate: it cannot be sent as UTF-8
     */
    void sendText(String text);

    /**
     * Sends a text message that is encoded already, as {@link #send} does.
     *
     * @param utf8 the text, from position to limit; used up, not changed, borrowed until this returns. The receiver checks
     *     that it is well-formed, this end does not
     */
    void sendText(ByteBuffer utf8);

    /**
     * Sends a binary message, as {@link #send} does.
     *
     * @param data the bytes, from position to limit; used up, not changed, borrowed until this returns
     */
    void sendBinary(ByteBuffer data);

    /**
     * Sends a piece of a message, as {@link #send} does; it leaves as a fragment of its own (RFC 6455 §5.4).
     *
     * @param type the type of the message, the same for all of its pieces
     * @param piece the bytes, from position to limit; used up, not changed, borrowed until this returns. The pieces of
     *     a text together must be UTF-8, which the receiver checks; a code point may be split between two
     * @param last whether this piece ends the message
     */
    void sendPiece(MessageType type, ByteBuffer piece, boolean last);

    /**
     * Sends a message, or ends the connection: if more than {@link ConnectionOptions#outboundLimit()} would wait to be
     * sent, the connection is closed with 1013, behind what waits, and the application is told. So nothing is lost
     * silently. A sender that may be faster than its peer looks at {@link #isWritable()}, or uses one of the other forms.
     *
     * <p>Does nothing if the connection is closing or closed.
     *
     * @param message the message, or a piece of one
     */
    void send(Message message);

    /**
     * Sends a message if there is room for it, and says so.
     *
     * @param message the message, or a piece of one; left as it was if it is refused
     * @return what became of it
     */
    @CheckReturnValue
    SendResult trySend(Message message);

    /**
     * Sends a message, and says when it has been handed to the operating system.
     *
     * @param message the message, or a piece of one
     * @return completes then, on the connection's thread; fails with an {@link IOException} if the message is refused for
     *     lack of room, or lost because the connection ends before
     */
    CompletionStage<@Nullable Void> sendAsync(Message message);

    /**
     * Sends a message, and waits first while the peer is slow: until no more than {@link ConnectionOptions#highWaterMark()}
     * bytes wait. For virtual threads, or other threads that may block.
     *
     * @param message the message, or a piece of one
     * @throws IOException if the connection is closing or closed, or ends meanwhile
     * @throws InterruptedException if the thread is interrupted while it waits; nothing was sent then
     * @throws IllegalStateException on the thread of the connection, which must not wait for itself
     */
    void sendBlocking(Message message) throws IOException, InterruptedException;

    /**
     * Whether a send would find room: the connection is open, and no more than {@link ConnectionOptions#highWaterMark()}
     * bytes wait. If not, {@link WebSocketListener#onWritable} says when there is room again.
     *
     * @return true if there is room
     */
    boolean isWritable();

    /**
     * When all that was sent so far has been handed to the operating system. Costs nothing unless it is called, and
     * may be called once for many sends.
     *
     * @return completes then, on the connection's thread; fails with an {@link IOException} if the connection ends before
     */
    CompletionStage<@Nullable Void> whenSent();

    /**
     * Sends a ping; the peer answers with {@link WebSocketListener#onPong} and the same payload (RFC 6455 §5.5.2).
     *
     * @param payload at most 125 bytes, from position to limit; used up if it is taken, borrowed until this returns
     * @return what became of it
     * @throws IllegalArgumentException if the payload is too long
     */
    SendResult sendPing(ByteBuffer payload);

    /**
     * Sends an unsolicited pong, a one-way heartbeat (RFC 6455 §5.5.3). Pings are answered without the application.
     *
     * @param payload at most 125 bytes, from position to limit; used up if it is taken, borrowed until this returns
     * @return what became of it
     * @throws IllegalArgumentException if the payload is too long
     */
    SendResult sendPong(ByteBuffer payload);

    /**
     * How long the newest ping that was answered has taken: one sent by {@link #sendPing}, or a keepalive ping, which
     * leaves after silence only. It is set before {@link WebSocketListener#onPong} is called. Of several pings under way
     * only the newest is measured.
     *
     * @return the time from the send to the pong, or empty if nothing was measured yet
     */
    Optional<Duration> roundTrip();

    /**
     * Begins the closing handshake (RFC 6455 §7.1.2). All that was sent before leaves first, nothing after. Does nothing
     * if the connection is closing. Messages that are held because the application has not asked for them are dropped
     * when the connection ends.
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
     * @return the state; {@link ReadyState#CLOSING} from the call of {@link #close} on
     */
    ReadyState readyState();

    /**
     * Bytes that were given to be sent and wait because the peer is slower, or because the connection's thread has not
     * got to them. What was sent since the transport has last tried to write does not count yet.
     *
     * @return bytes as they travel, frame headers included; a message that waits for the connection's thread counts 64
     *     bytes more
     */
    long bufferedAmount();

    /**
     * The address of the connection: on a client as it was asked for, on a server as the request gave it.
     *
     * @return {@code ws://host/path?query} or {@code wss:…}
     */
    String url();

    /**
     * The request with which the connection was opened.
     *
     * @return its path and query
     */
    RequestInfo requestInfo();

    /**
     * The address of the other end of the transport: the peer, or a proxy between.
     *
     * @return the address, or null if the transport has none
     */
    @Nullable
    SocketAddress remoteAddress();

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
     * What has gone over this connection so far. On other threads than the connection's, the four numbers may be of
     * slightly different moments.
     *
     * @return the counters
     */
    TrafficCounters counters();

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
     * What is kept at this connection under a key.
     *
     * @param key the key
     * @param <T> the type of the value
     * @return the value, or null if there is none
     */
    <T> @Nullable T attribute(AttributeKey<T> key);

    /**
     * Keeps something at this connection, instead of what was kept under the key before. Atomic.
     *
     * @param key the key
     * @param value the value, or null to remove the one that is there
     * @param <T> the type of the value
     * @return the value before, or null if there was none
     */
    <T> @Nullable T attribute(AttributeKey<T> key, @Nullable T value);
}
