/**
 * Topics: publish a message to many WebSocket connections.
 *
 * <p>A connection of any transport subscribes to a topic; a published message is encoded once and sent to each
 * subscriber on that connection's own thread. With a backbone, topics span processes, and clients resume behind a
 * position. The module opens no socket and starts no thread.
 */
module dev.tenon.ws.topics {
    requires transitive dev.tenon.ws.connection;
    requires static org.jspecify;

    exports dev.tenon.ws.topics;
}
