package dev.tenon.ws.connection;

/** Serves one connection by waiting for its messages; see {@link Inbox#handledBy}. */
@FunctionalInterface
public interface InboxHandler {
    /**
     * Receives and sends until it wants no more, or has received the end. Called once for each connection, on a thread that
     * may wait.
     *
     * @param inbox the inbox of an open connection
     * @throws Exception whatever has gone wrong: the connection is closed with 1011
     */
    void handle(Inbox inbox) throws Exception;
}
