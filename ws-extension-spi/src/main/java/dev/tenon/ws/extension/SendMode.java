package dev.tenon.ws.extension;

/** How the extensions treat one message. The application chooses the mode in the call that sends the message. */
public enum SendMode {
    /** The extensions work as they were negotiated. */
    DEFAULT,

    /**
     * An extension that compresses sends the message as it is, because it is compressed already or holds a secret that
     * compression could reveal. All other extensions, such as one that encrypts, work as usual.
     */
    UNCOMPRESSED
}
