package dev.tenon.ws.handshake;

/** What differs between the heads of requests and of responses: the first line, and what to say when one is bad. */
interface StartLine<T> {
    /** Reads the line. */
    void read(String line);

    /** Joins the line that was read last with its headers, and checks them together. */
    T finish(Headers headers);

    /** Whether empty lines may stand before the line. */
    boolean mayFollowEmptyLine();

    /** Whether a header line that begins with a space continues the one before it (RFC 9112 §5.2). */
    boolean unfoldsLines();

    HandshakeException malformed(HttpViolation violation);

    HandshakeException tooLarge(HttpViolation violation, int limit);

    /** The line itself passes the limit; given as much of it as was read. */
    HandshakeException tooLongLine(String line);

    /**
     * A failure inside a head, with all that is known of the head by then.
     *
     * @param failure what this object has made before
     * @param line the first line, or as much of it as was read
     * @param headers the header lines that were read
     */
    HandshakeException withHead(HandshakeException failure, String line, Headers headers);

    /** Whether the text has the form of a version (RFC 9112 §2.3), supported or not. */
    static boolean isVersion(String text) {
        return text.length() == 8
                && text.startsWith("HTTP/")
                && HttpSyntax.isDigit(text.charAt(5))
                && text.charAt(6) == '.'
                && HttpSyntax.isDigit(text.charAt(7));
    }
}
