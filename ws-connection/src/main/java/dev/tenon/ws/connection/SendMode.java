package dev.tenon.ws.connection;

/** What a message may become on its way. */
public enum SendMode {
    /** Extensions do what they were negotiated for: permessage-deflate compresses. */
    EXTENDED,
    /**
     * Extensions are asked to leave the message as it is, where they can: for what is compressed already, and for what
     * holds a secret beside something that others have chosen, so that its compressed length must not tell of it.
     */
    AS_IS
}
