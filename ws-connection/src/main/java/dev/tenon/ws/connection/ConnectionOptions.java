package dev.tenon.ws.connection;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * The limits and deadlines of a connection. Immutable and thread-safe; each {@code with} method returns a changed copy:
 * {@code ConnectionOptions.DEFAULT.withMaxMessageLength(65_536)}.
 *
 * @param maxMessageLength the longest inbound message, in bytes after inflation, and the longest inbound frame;
 *     {@linkplain dev.tenon.ws.extension.NegotiatedExtension#maxPayloadLength extensions} may allow longer frames. A
 *     longer message or frame fails the connection with 1009
 * @param highWaterMark how many bytes may wait to be sent before sends return {@link SendResult#CONGESTED}
 * @param outboundLimit how many bytes may wait to be sent before sends return {@link SendResult#REFUSED}; a message is
 *     never refused while no bytes wait; see {@link WebSocket#send}
 * @param fragmentLength the longest payload of a data frame that this end sends, in bytes; see
 *     {@link #withFragmentLength}
 * @param controlFrameBurst how many frames without content the peer may send at once; see {@link #withControlFrames}
 * @param controlFramesPerSecond how many such frames per second the peer may send in the long run
 * @param closeTimeout how long the peer may take to answer a Close frame and then to end the connection; the time
 *     counts from the last moment when bytes moved
 * @param drainTimeout how long after the start of the close moving bytes may extend the close timeout; see {@link
 *     #withDrainTimeout}
 * @param pingInterval how long the peer may be silent before this end sends a keepalive ping; zero disables keepalive
 * @param pongTimeout how long the peer may be silent after a keepalive ping before the connection is aborted
 * @param writeTimeout how long bytes may wait while the peer accepts none of them, before the connection is aborted
 * @param messageProgressTimeout how long a message in assembly may make no progress; after that time the connection
 *     fails with 1008
 * @param messageTimeout how long the assembly of a message may take in total; after that time the connection fails with
 *     1008
 * @param idleTimeout how long the connection may stay open without a message in either direction, before it is closed
 *     with 1001; zero, the default, disables this timeout
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
    /**
     * The defaults, in the order of the components: 1 MiB; 64 KiB; 1 MiB; 64 KiB; 1,000; 100; then 5, 60, 30, 20, 30,
     * 60, 600 and 0 seconds.
     */
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

    /** The largest possible message limit, in bytes: a message must fit into an array. */
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
     * @throws IllegalArgumentException if a value is out of its range; the message names the value
     */
    public ConnectionOptions {
        requireAtLeast(0, "maxMessageLength", maxMessageLength);
        if (maxMessageLength > MAX_MESSAGE_LENGTH) {
            throw new IllegalArgumentException(
                    "maxMessageLength must be at most " + MAX_MESSAGE_LENGTH + ", not " + maxMessageLength);
        }
        requireAtLeast(0, "highWaterMark", highWaterMark);
        requireAtLeast(highWaterMark, "outboundLimit", outboundLimit);
        requireAtLeast(1, "fragmentLength", fragmentLength);
        requireAtLeast(1, "controlFrameBurst", controlFrameBurst);
        requireAtLeast(1, "controlFramesPerSecond", controlFramesPerSecond);
        requirePositive(closeTimeout, "closeTimeout");
        requireNotNegative(drainTimeout, "drainTimeout");
        requireNotNegative(pingInterval, "pingInterval");
        requirePositive(pongTimeout, "pongTimeout");
        requirePositive(writeTimeout, "writeTimeout");
        requirePositive(messageProgressTimeout, "messageProgressTimeout");
        requirePositive(messageTimeout, "messageTimeout");
        requireNotNegative(idleTimeout, "idleTimeout");
    }

    private static void requirePositive(Duration duration, String name) {
        if (duration.compareTo(Duration.ZERO) <= 0) {
            throw new IllegalArgumentException(name + " must be positive, not " + duration);
        }
    }

    private static void requireNotNegative(Duration duration, String name) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative: " + duration);
        }
    }

    private static void requireAtLeast(long min, String name, long value) {
        if (value < min) {
            throw new IllegalArgumentException(name + " must be at least " + min + ", not " + value);
        }
    }

    /**
     * Returns these options with another message limit.
     *
     * @param bytes the longest inbound message
     * @return the new options
     */
    public ConnectionOptions withMaxMessageLength(long bytes) {
        return with(draft -> draft.maxMessageLength = bytes);
    }

    /**
     * Returns these options with other limits for the bytes that wait to be sent.
     *
     * @param congestedAt the high-water mark: with more bytes than this, sends return {@link SendResult#CONGESTED}
     * @param refusedAt the outbound limit: with more bytes than this, sends return {@link SendResult#REFUSED}
     * @return the new options
     */
    public ConnectionOptions withOutbound(long congestedAt, long refusedAt) {
        return with(draft -> {
            draft.highWaterMark = congestedAt;
            draft.outboundLimit = refusedAt;
        });
    }

    /**
     * Returns these options with another maximum length for the data frames that this end sends. Longer data is sent in
     * fragments (RFC 6455 §5.4). This holds for whole messages and for {@linkplain WebSocket#sendPiece pieces}. Netty,
     * and software that is built on it, refuses frames of more than 64 KiB by default. This option does not limit
     * inbound frames.
     *
     * <p>While more bytes than the high-water mark wait, fragments are held back and written one by one, so that pings
     * and pongs are sent between them. Messages are cut after their extensions, as RFC 7692 §6.1 requires for
     * compressed messages, so that no frame exceeds the maximum. If an extension gives each frame its own meaning
     * ({@link dev.tenon.ws.extension.NegotiatedExtension#fragmentable()} is false), messages are cut before that
     * extension. Its frames can then exceed the maximum by the bytes that the extension adds.
     *
     * @param bytes the longest payload of a data frame, 1 or more, 64 KiB by default; {@link Integer#MAX_VALUE}
     *     disables the limit
     * @return the new options
     */
    public ConnectionOptions withFragmentLength(int bytes) {
        return with(draft -> draft.fragmentLength = bytes);
    }

    /**
     * Returns these options with another rate limit for frames without content: control frames, and empty fragments
     * within a message. A length limit does not bound the number of these frames. Each such frame takes a token from a
     * token bucket that fills over time. If the bucket is empty, the connection fails with 1008. Close frames, and
     * pongs that answer pings of this end, need no token.
     *
     * @param burst how many such frames may come at once
     * @param perSecond how many such frames may come per second in the long run
     * @return the new options
     */
    public ConnectionOptions withControlFrames(int burst, int perSecond) {
        return with(draft -> {
            draft.controlFrameBurst = burst;
            draft.controlFramesPerSecond = perSecond;
        });
    }

    /**
     * Returns these options with another deadline for the closing handshake.
     *
     * @param timeout how long the peer may take while no bytes move in either direction
     * @return the new options
     */
    public ConnectionOptions withCloseTimeout(Duration timeout) {
        return with(draft -> draft.closeTimeout = timeout);
    }

    /**
     * Returns these options with another limit for the transfer of the last bytes during a close. A Close frame is sent
     * after all earlier bytes, and a slow link may need time for them. The last messages of the peer may need time too.
     * The connection stays open while bytes that waited here are sent, or while bytes of the peer arrive that this end
     * still reads. The connection is aborted when no bytes have moved for the {@code closeTimeout}. It is also aborted
     * after this time plus one more {@code closeTimeout}. Bytes that have not been sent by then are lost.
     *
     * @param timeout how long moving bytes may extend the close; zero for no extension beyond the {@code closeTimeout}
     * @return the new options
     */
    public ConnectionOptions withDrainTimeout(Duration timeout) {
        return with(draft -> draft.drainTimeout = timeout);
    }

    /**
     * Returns these options with other keepalive times.
     *
     * @param interval how long the peer may be silent before a ping; zero disables keepalive
     * @param timeout how long the peer may be silent after the ping before the connection is aborted
     * @return the new options
     */
    public ConnectionOptions withKeepalive(Duration interval, Duration timeout) {
        return with(draft -> {
            draft.pingInterval = interval;
            draft.pongTimeout = timeout;
        });
    }

    /**
     * Returns these options with another limit for the time that bytes may wait while the peer accepts none of them.
     *
     * @param timeout how long the bytes may wait before the connection is aborted
     * @return the new options
     */
    public ConnectionOptions withWriteTimeout(Duration timeout) {
        return with(draft -> draft.writeTimeout = timeout);
    }

    /**
     * Returns these options with other limits for the assembly of a message that arrives in several parts. These limits
     * do not apply to a {@link StreamingListener}, which assembles no messages. They also do not apply while this end
     * does not read because the application requests no messages.
     *
     * @param progress how long the assembly may make no progress
     * @param total how long the assembly may take from the first byte to the last
     * @return the new options
     */
    public ConnectionOptions withMessageTimeout(Duration progress, Duration total) {
        return with(draft -> {
            draft.messageProgressTimeout = progress;
            draft.messageTimeout = total;
        });
    }

    /**
     * Returns these options with another idle timeout.
     *
     * @param timeout how long the connection may stay open without a message in either direction, before it is closed
     *     with 1001; zero disables this timeout
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
