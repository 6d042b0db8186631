package dev.tenon.ws.extension;

/** What the application asks of the extensions for one message, with the call that sends it. */
public enum SendMode {
    /** The extensions work as they were negotiated. */
    DEFAULT,

    /**
     * An extension that compresses sends the message as it is: it is compressed already, or holds a secret whose length an
     * attacker must not learn. All others, such as one that encrypts, work as ever.
     */
    UNCOMPRESSED
}
