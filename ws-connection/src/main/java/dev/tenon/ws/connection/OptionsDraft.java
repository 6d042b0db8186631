package dev.tenon.ws.connection;

import java.time.Duration;

/** A mutable copy of connection options, because a record cannot be changed. */
final class OptionsDraft {
    long maxMessageLength;
    long highWaterMark;
    long outboundLimit;
    int fragmentLength;
    int controlFrameBurst;
    int controlFramesPerSecond;
    Duration closeTimeout;
    Duration drainTimeout;
    Duration pingInterval;
    Duration pongTimeout;
    Duration writeTimeout;
    Duration messageProgressTimeout;
    Duration messageTimeout;
    Duration idleTimeout;

    OptionsDraft(ConnectionOptions from) {
        maxMessageLength = from.maxMessageLength();
        highWaterMark = from.highWaterMark();
        outboundLimit = from.outboundLimit();
        fragmentLength = from.fragmentLength();
        controlFrameBurst = from.controlFrameBurst();
        controlFramesPerSecond = from.controlFramesPerSecond();
        closeTimeout = from.closeTimeout();
        drainTimeout = from.drainTimeout();
        pingInterval = from.pingInterval();
        pongTimeout = from.pongTimeout();
        writeTimeout = from.writeTimeout();
        messageProgressTimeout = from.messageProgressTimeout();
        messageTimeout = from.messageTimeout();
        idleTimeout = from.idleTimeout();
    }

    ConnectionOptions options() {
        return new ConnectionOptions(
                maxMessageLength,
                highWaterMark,
                outboundLimit,
                fragmentLength,
                controlFrameBurst,
                controlFramesPerSecond,
                closeTimeout,
                drainTimeout,
                pingInterval,
                pongTimeout,
                writeTimeout,
                messageProgressTimeout,
                messageTimeout,
                idleTimeout);
    }
}
