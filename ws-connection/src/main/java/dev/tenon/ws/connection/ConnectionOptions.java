package dev.tenon.ws.connection;

import java.time.Duration;

/**
 * The limits and deadlines of a connection. Immutable and thread-safe; change one with its {@code with} method:
 * {@code ConnectionOptions.DEFAULT.withMaxMessageLength(65_536)}.
 *
 * @param maxMessageLength the longest inbound message, in bytes after inflation, and the longest inbound frame; a longer
 *     one is answered with 1009
 * @param maxFragments the most frames that one inbound message may have; more are answered with 1008
 * @param highWaterMark how many bytes may wait to be sent before sends report {@link SendResult#CONGESTED}
 * @param outboundLimit how many bytes may wait to be sent before sends are {@link SendResult#REFUSED}; a message is
 *     never refused while nothing waits
 * @param controlFrameBurst how many control frames the peer may send at once; more are answered with 1008
 * @param controlFramesPerSecond how many control frames a second the peer may send in the long run
 * @param closeTimeout how long the peer may take to answer a Close frame and to end the connection after it
 * @param pingInterval how long the peer may be silent before it is sent a keepalive ping; zero for never
 * @param pongTimeout how long the peer may be silent after a keepalive ping before the connection is aborted
 */
public record ConnectionOptions(
        long maxMessageLength,
        int maxFragments,
        long highWaterMark,
        long outboundLimit,
        int controlFrameBurst,
        int controlFramesPerSecond,
        Duration closeTimeout,
        Duration pingInterval,
        Duration pongTimeout) {
    /** 1 MiB a message, 65,536 fragments, 64 KiB and 1 MiB outbound, 1,000 then 100 control frames/s, 5/30/20 s. */
    public static final ConnectionOptions DEFAULT = new ConnectionOptions(
            1 << 20,
            65_536,
            64 * 1024,
            1 << 20,
            1_000,
            100,
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(20));

    /** The most that a message can have: it has to fit into an array. */
    public static final long MAX_MESSAGE_LENGTH = Integer.MAX_VALUE - 64;

    /**
     * Checks the values.
     *
     * @param maxMessageLength bytes, 0 to {@link #MAX_MESSAGE_LENGTH}
     * @param maxFragments 1 or more
     * @param highWaterMark bytes, 0 or more
     * @param outboundLimit bytes, not below the high-water mark
     * @param controlFrameBurst 1 or more
     * @param controlFramesPerSecond 1 or more
     * @param closeTimeout positive
     * @param pingInterval zero or positive
     * @param pongTimeout positive
     * @throws IllegalArgumentException if one is out of its range; the message says which
     */
    public ConnectionOptions {
        require(maxMessageLength >= 0 && maxMessageLength <= MAX_MESSAGE_LENGTH, "maxMessageLength", maxMessageLength);
        require(maxFragments > 0, "maxFragments", maxFragments);
        require(highWaterMark >= 0, "highWaterMark", highWaterMark);
        require(outboundLimit >= highWaterMark, "outboundLimit", outboundLimit);
        require(controlFrameBurst > 0, "controlFrameBurst", controlFrameBurst);
        require(controlFramesPerSecond > 0, "controlFramesPerSecond", controlFramesPerSecond);
        require(closeTimeout.compareTo(Duration.ZERO) > 0, "closeTimeout", closeTimeout);
        require(!pingInterval.isNegative(), "pingInterval", pingInterval);
        require(pongTimeout.compareTo(Duration.ZERO) > 0, "pongTimeout", pongTimeout);
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
        return new ConnectionOptions(
                bytes,
                maxFragments,
                highWaterMark,
                outboundLimit,
                controlFrameBurst,
                controlFramesPerSecond,
                closeTimeout,
                pingInterval,
                pongTimeout);
    }

    /**
     * These options with another fragment limit.
     *
     * @param frames the most frames that one inbound message may have
     * @return the new options
     */
    public ConnectionOptions withMaxFragments(int frames) {
        return new ConnectionOptions(
                maxMessageLength,
                frames,
                highWaterMark,
                outboundLimit,
                controlFrameBurst,
                controlFramesPerSecond,
                closeTimeout,
                pingInterval,
                pongTimeout);
    }

    /**
     * These options with other bounds for what waits to be sent.
     *
     * @param congestedAt bytes from which sends report {@link SendResult#CONGESTED}
     * @param refusedAt bytes from which sends are {@link SendResult#REFUSED}
     * @return the new options
     */
    public ConnectionOptions withOutbound(long congestedAt, long refusedAt) {
        return new ConnectionOptions(
                maxMessageLength,
                maxFragments,
                congestedAt,
                refusedAt,
                controlFrameBurst,
                controlFramesPerSecond,
                closeTimeout,
                pingInterval,
                pongTimeout);
    }

    /**
     * These options with another bound for control frames.
     *
     * @param burst how many may come at once
     * @param perSecond how many may come in the long run
     * @return the new options
     */
    public ConnectionOptions withControlFrames(int burst, int perSecond) {
        return new ConnectionOptions(
                maxMessageLength,
                maxFragments,
                highWaterMark,
                outboundLimit,
                burst,
                perSecond,
                closeTimeout,
                pingInterval,
                pongTimeout);
    }

    /**
     * These options with another deadline for the closing handshake.
     *
     * @param timeout how long the peer may take
     * @return the new options
     */
    public ConnectionOptions withCloseTimeout(Duration timeout) {
        return new ConnectionOptions(
                maxMessageLength,
                maxFragments,
                highWaterMark,
                outboundLimit,
                controlFrameBurst,
                controlFramesPerSecond,
                timeout,
                pingInterval,
                pongTimeout);
    }

    /**
     * These options with another keepalive.
     *
     * @param interval silence before a ping; zero for no keepalive
     * @param timeout further silence before the connection is aborted
     * @return the new options
     */
    public ConnectionOptions withKeepalive(Duration interval, Duration timeout) {
        return new ConnectionOptions(
                maxMessageLength,
                maxFragments,
                highWaterMark,
                outboundLimit,
                controlFrameBurst,
                controlFramesPerSecond,
                closeTimeout,
                interval,
                timeout);
    }
}
