package dev.tenon.ws.connection;

/** Serves one connection with blocking calls on its inbox; see {@link Inbox#handledBy}. */
@FunctionalInterface
public interface InboxHandler {
    /**
     * Receives and sends messages until the handler is done or has received the end. Called once for each connection,
     * on a thread that may block.
     *
     * @param inbox the inbox of an open connection
     * @throws Exception to close the connection with 1011; {@link Inbox#handledBy} describes the cases with another
     *     result
     */
    void handle(Inbox inbox) throws Exception;
}
