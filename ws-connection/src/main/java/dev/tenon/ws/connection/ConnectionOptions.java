package dev.tenon.ws.connection;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * The limits and deadlines of a connection. Immutable and thread-safe; change one with its {@code with} method:
 * {@code ConnectionOptions.DEFAULT.withMaxMessageLength(65_536)}.
 *
 * @param maxMessageLength the longest inbound message, in bytes after inflation, and the longest inbound frame, but for
 *     what {@linkplain dev.tenon.ws.extension.NegotiatedExtension#maxPayloadLength extensions} may add to it; a longer
 *     one is answered with 1009
 * @param highWaterMark how many bytes may wait to be sent before sends report {@link SendResult#CONGESTED}
 * @param outboundLimit how many bytes may wait to be sent before sends are {@link SendResult#REFUSED}; a message is
 *     never refused while nothing waits; see {@link WebSocket#send}
 * @param fragmentLength the longest payload of a data frame that this end sends, in bytes; see
 *     {@link #withFragmentLength}
 * @param controlFrameBurst how many frames without content the peer may send at once; see {@link #withControlFrames}
 * @param controlFramesPerSecond how many such frames a second the peer may send in the long run
 * @param closeTimeout how long the peer may take to answer a Close frame and to end the connection after it, counted
 *     from when bytes have last moved
 * @param drainTimeout how long after a Close frame bytes that move may put that off; see {@link #withDrainTimeout}
 * @param pingInterval how long the peer may be silent before it is sent a keepalive ping; zero for never
 * @param pongTimeout how long the peer may be silent after a keepalive ping before the connection is aborted
 * @param writeTimeout how long the peer may take nothing of what waits to be sent before the connection is aborted
 * @param messageProgressTimeout how long a message that is being joined may make no progress; a longer standstill is
 *     answered with 1008
 * @param messageTimeout how long a message that is being joined may take in all; more is answered with 1008
 * @param idleTimeout how long no message may go either way before the connection is closed with 1001; zero, the default,
 *     for any time
 */
public record ConnectionOptions(
        long maxMessageLength,
        long highWaterMark,
        long outboundLimit,
        int fragmentLength,
        int controlFrameBurst,
        int controlFramesPerSecond,
        Duration closeTimeout,
        Duration drainTimeout,
        Duration pingInterval,
        Duration pongTimeout,
        Duration writeTimeout,
        Duration messageProgressTimeout,
        Duration messageTimeout,
        Duration idleTimeout) {
    /** 1 MiB a message, 64 KiB and 1 MiB outbound, 64 KiB a frame, 1,000 then 100 control frames/s, 5/60/30/20/30/60/600/0 s. */
    public static final ConnectionOptions DEFAULT = new ConnectionOptions(
            1 << 20,
            64 * 1024,
            1 << 20,
            64 * 1024,
            1_000,
            100,
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofSeconds(20),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofMinutes(10),
            Duration.ZERO);

    /** The most that a message can have: it has to fit into an array. */
    public static final long MAX_MESSAGE_LENGTH = Integer.MAX_VALUE - 64;

    /**
     * Checks the values.
     *
     * @param maxMessageLength bytes, 0 to {@link #MAX_MESSAGE_LENGTH}
     * @param highWaterMark bytes, 0 or more
     * @param outboundLimit bytes, not below the high-water mark
     * @param fragmentLength bytes, 1 or more
     * @param controlFrameBurst 1 or more
     * @param controlFramesPerSecond 1 or more
     * @param closeTimeout positive
     * @param drainTimeout zero or positive
     * @param pingInterval zero or positive
     * @param pongTimeout positive
     * @param writeTimeout positive
     * @param messageProgressTimeout positive
     * @param messageTimeout positive
     * @param idleTimeout zero or positive
     * @throws IllegalArgumentException if one is out of its range; the message says which
     */
    public ConnectionOptions {
        require(maxMessageLength >= 0 && maxMessageLength <= MAX_MESSAGE_LENGTH, "maxMessageLength", maxMessageLength);
        require(highWaterMark >= 0, "highWaterMark", highWaterMark);
        require(outboundLimit >= highWaterMark, "outboundLimit", outboundLimit);
        require(fragmentLength > 0, "fragmentLength", fragmentLength);
        require(controlFrameBurst > 0, "controlFrameBurst", controlFrameBurst);
        require(controlFramesPerSecond > 0, "controlFramesPerSecond", controlFramesPerSecond);
        requirePositive(closeTimeout, "closeTimeout");
        require(!drainTimeout.isNegative(), "drainTimeout", drainTimeout);
        require(!pingInterval.isNegative(), "pingInterval", pingInterval);
        requirePositive(pongTimeout, "pongTimeout");
        requirePositive(writeTimeout, "writeTimeout");
        requirePositive(messageProgressTimeout, "messageProgressTimeout");
        requirePositive(messageTimeout, "messageTimeout");
        require(!idleTimeout.isNegative(), "idleTimeout", idleTimeout);
    }

    private static void requirePositive(Duration duration, String name) {
        require(duration.compareTo(Duration.ZERO) > 0, name, duration);
    }

    private static void require(boolean condition, String name, Object value) {
        if (!condition) {
            throw new IllegalArgumentException(name + " is out of its range: " + value);
        }
    }

    /**
     * These options with another message limit.
     *
     * @param bytes the longest inbound message
     * @return the new options
     */
    public ConnectionOptions withMaxMessageLength(long bytes) {
        return with(draft -> draft.maxMessageLength = bytes);
    }

    /**
     * These options with other bounds for what waits to be sent.
     *
     * @param congestedAt bytes from which sends report {@link SendResult#CONGESTED}
     * @param refusedAt bytes from which sends are {@link SendResult#REFUSED}
     * @return the new options
     */
    public ConnectionOptions withOutbound(long congestedAt, long refusedAt) {
        return with(draft -> {
            draft.highWaterMark = congestedAt;
            draft.outboundLimit = refusedAt;
        });
    }

    /**
     * These options with another bound for the frames that this end sends: data that is longer leaves in fragments (RFC
     * 6455 §5.4), whole messages and {@linkplain WebSocket#sendPiece pieces} alike. Netty, and what is built on it, refuses
     * frames of more than 64 KiB unless it is told otherwise. Tenon takes a frame as it comes, whatever its length.
     *
     * <p>While more than the high-water mark waits, fragments wait one by one, so that pings and pongs leave between
     * them. Messages are cut behind their extensions, as RFC 7692 §6.1 wants it for
     * compressed ones, so that none passes the bound. Only where an extension gives each frame a meaning of its own
     * ({@link dev.tenon.ws.extension.NegotiatedExtension#fragmentable()} is false) are they cut before it: its frames are
     * longer by what it adds.
     *
     * @param bytes the longest payload of a data frame, 1 or more, 64 KiB by default; {@link Integer#MAX_VALUE} for no
     *     bound
     * @return the new options
     */
    public ConnectionOptions withFragmentLength(int bytes) {
        return with(draft -> draft.fragmentLength = bytes);
    }

    /**
     * These options with another bound for frames without content, of which no length is a bound: control frames, and
     * empty fragments within a message. They come out of a bucket that fills by time; what finds it empty is answered with
     * 1008. Close frames and answers to pings of this end cost nothing.
     *
     * @param burst how many may come at once
     * @param perSecond how many may come in the long run
     * @return the new options
     */
    public ConnectionOptions withControlFrames(int burst, int perSecond) {
        return with(draft -> {
            draft.controlFrameBurst = burst;
            draft.controlFramesPerSecond = perSecond;
        });
    }

    /**
     * These options with another deadline for the closing handshake.
     *
     * @param timeout how long the peer may take while no bytes move
     * @return the new options
     */
    public ConnectionOptions withCloseTimeout(Duration timeout) {
        return with(draft -> draft.closeTimeout = timeout);
    }

    /**
     * These options with another bound for what leaves and comes behind a close. A Close frame goes behind all that was
     * sent before, and a slow link may take its time for that, as may the peer's last messages in the other direction.
     * As long as bytes that waited here leave, or bytes of the peer come that still count, the connection lives; when
     * they have stopped for the {@code closeTimeout}, or after this time and one more {@code closeTimeout}, it is
     * aborted, and what has not left is lost.
     *
     * @param timeout how long bytes may go on moving; zero for no longer than the {@code closeTimeout}
     * @return the new options
     */
    public ConnectionOptions withDrainTimeout(Duration timeout) {
        return with(draft -> draft.drainTimeout = timeout);
    }

    /**
     * These options with another keepalive.
     *
     * @param interval silence before a ping; zero for no keepalive
     * @param timeout further silence before the connection is aborted
     * @return the new options
     */
    public ConnectionOptions withKeepalive(Duration interval, Duration timeout) {
        return with(draft -> {
            draft.pingInterval = interval;
            draft.pongTimeout = timeout;
        });
    }

    /**
     * These options with another bound for how long bytes may wait while the peer takes none of them.
     *
     * @param timeout how long, before the connection is aborted
     * @return the new options
     */
    public ConnectionOptions withWriteTimeout(Duration timeout) {
        return with(draft -> draft.writeTimeout = timeout);
    }

    /**
     * These options with other bounds for a message that is being joined because it comes in several parts. They do not
     * hold for a {@link StreamingListener}, which joins nothing, nor while the application asks for no messages.
     *
     * @param progress how long it may make no progress
     * @param total how long it may take from its first byte to its last
     * @return the new options
     */
    public ConnectionOptions withMessageTimeout(Duration progress, Duration total) {
        return with(draft -> {
            draft.messageProgressTimeout = progress;
            draft.messageTimeout = total;
        });
    }

    /**
     * These options with another idle timeout.
     *
     * @param timeout how long no message may go either way before the connection is closed with 1001; zero for any time
     * @return the new options
     */
    public ConnectionOptions withIdleTimeout(Duration timeout) {
        return with(draft -> draft.idleTimeout = timeout);
    }

    private ConnectionOptions with(Consumer<OptionsDraft> change) {
        OptionsDraft draft = new OptionsDraft(this);
        change.accept(draft);
        return draft.options();
    }
}
