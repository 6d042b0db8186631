package dev.tenon.ws.connection;

/**
 * The traffic of one connection so far, in both directions.
 *
 * @param messagesReceived whole data messages from the peer, including those that a {@link StreamingListener} received
 * @param bytesReceived bytes from the peer on the wire, including frame headers and control frames
 * @param messagesSent whole data messages to the peer; a message counts when it is written
 * @param bytesSent bytes to the peer on the wire, including frame headers and control frames; they count when they are
 *     written
 */
public record TrafficCounters(long messagesReceived, long bytesReceived, long messagesSent, long bytesSent) {}
