package dev.tenon.ws.connection;

/**
 * The recipient of mails, which is a connection. Called on the connection's own thread, unless a method says otherwise.
 */
interface MailRecipient {
    /** Bytes that wait to be sent. Safe from any thread. */
    long backlog();

    /** Whether a message in pieces is being sent. */
    boolean isMidMessage();

    /** Whether a piece of a type can be sent now. */
    boolean takesPiece(MessageType type);

    /** Whether a piece of a type continues the message that is being sent. Safe from any thread. */
    boolean isContinuedBy(MessageType type);

    /** Sends the content of a mail or runs its task. */
    void deliver(Mail mail);

    /**
     * A mail will never be delivered: fails its future if it has one, or counts it if it holds message data. A close
     * has its effect on held messages nevertheless.
     */
    void lost(Mail mail);

    /** Returns the number of lost messages whose senders get no result; the close event reports them. */
    int lost();

    /** A close waits for the end of the current message. */
    void closeWaits();

    /** A sender was refused or congested, and waits for room. */
    void notifyWhenWritable();
}
