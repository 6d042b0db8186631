package dev.tenon.ws.handshake;

/** What differs between the heads of requests and of responses: the first line, and what to say when one is bad. */
interface StartLine<T> {
    /** Reads the line. */
    void read(String line);

    /** Joins the line that was read last with its headers, and judges them together. */
    T finish(Headers headers);

    /** Whether empty lines may stand before the line. */
    boolean mayFollowEmptyLine();

    HandshakeException malformed(String what);

    HandshakeException tooLarge(String what);

    /** The line itself passes the limit; given as much of it as was read. */
    HandshakeException tooLongLine(String line);

    /** Whether the text has the form of a version (RFC 9112 §2.3), be it one that is spoken here or not. */
    static boolean isVersion(String text) {
        return text.length() == 8
                && text.startsWith("HTTP/")
                && HttpSyntax.isDigit(text.charAt(5))
                && text.charAt(6) == '.'
                && HttpSyntax.isDigit(text.charAt(7));
    }
}
