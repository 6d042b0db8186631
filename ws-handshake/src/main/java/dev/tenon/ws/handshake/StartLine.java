package dev.tenon.ws.handshake;

/** The first line of a head, and the exceptions for malformed ones: the difference between requests and responses. */
interface StartLine<T> {
    /** Reads the line. */
    void read(String line);

    /** Combines the last line with its headers and checks them together. */
    T finish(Headers headers);

    /** Whether empty lines may precede the line. */
    boolean mayFollowEmptyLine();

    /** Whether a header line that begins with a space continues the one before it (RFC 9112 §5.2). */
    boolean unfoldsLines();

    HandshakeException malformed(HttpViolation violation);

    HandshakeException tooLarge(HttpViolation violation, int limit);

    /** The exception for a line that exceeds the limit, with the part that was read. */
    HandshakeException tooLongLine(String line);

    /**
     * Adds the part of the head that was read to an exception.
     *
     * @param failure an exception that this object has made
     * @param line the first line, or the part of it that was read
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
