package dev.tenon.ws.connection;

/**
 * What has gone over one connection so far, both ways.
 *
 * @param messagesReceived whole data messages from the peer, those of a {@link StreamingListener} included
 * @param bytesReceived bytes from the peer as they travelled, frame headers and control frames included
 * @param messagesSent whole data messages to the peer, counted when they are written
 * @param bytesSent bytes to the peer as they travel, frame headers and control frames included, counted when they are
 *     written
 */
public record TrafficCounters(long messagesReceived, long bytesReceived, long messagesSent, long bytesSent) {}
