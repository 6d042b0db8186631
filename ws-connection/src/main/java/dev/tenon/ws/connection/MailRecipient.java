package dev.tenon.ws.connection;

/** What the mails are for: a connection, called on its own thread but for {@link #backlog}. */
interface MailRecipient {
    /** Bytes that wait to be sent. Safe from any thread. */
    long backlog();

    /** Whether a message is sent in pieces at the moment. */
    boolean isMidMessage();

    /** Whether a piece of a type can be sent now. */
    boolean takesPiece(MessageType type);

    /** Whether a piece of a type continues the message that is sent at the moment. Safe from any thread. */
    boolean isContinuedBy(MessageType type);

    /** Does what a mail asks for. */
    void deliver(Mail mail);

    /** A mail will never be delivered: its sender is told, if it has asked for that. */
    void lost(Mail mail);

    /** How many messages were lost whose senders are not told: the end of the connection says so. */
    int lost();

    /** A close waits for the end of the message under way. */
    void closeWaits();

    /** A sender was told that there is no room. */
    void requireWritable();
}
