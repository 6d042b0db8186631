package dev.tenon.ws.handshake;

import dev.tenon.ws.frame.HandshakeViolation;
import dev.tenon.ws.frame.Rule;

/** A rule for the heads and bodies of HTTP/1.1 messages, requests and responses alike. */
public enum HttpViolation implements HandshakeViolation {
    /** A carriage return without a line feed behind it: 400. */
    CARRIAGE_RETURN_ALONE(400, "RFC 9112 §2.2", "a carriage return is not followed by a line feed"),
    /** A line feed without a carriage return before it: 400. */
    LINE_FEED_ALONE(400, "RFC 9112 §2.2", "a line feed does not follow a carriage return"),
    /** A control character other than a line end and the tab: 400. */
    CONTROL_CHARACTER(400, "RFC 9110 §5.5", "the head has a control character"),
    /** A header line of a request that continues on the next line: 400. That of a response is unfolded. */
    HEADER_LINE_FOLDED(400, "RFC 9112 §5.2", "a header line is folded"),
    /** A space at the beginning of the first header line: 400. */
    SPACE_BEFORE_HEADERS(400, "RFC 9112 §2.2", "the first header line begins with a space"),
    /** A space between a header's name and its colon: 400. */
    SPACE_BEFORE_COLON(400, "RFC 9112 §5.1", "a header name has a space before its colon"),
    /** A header line without a name or without a colon: 400. */
    HEADER_MALFORMED(400, "RFC 9112 §5.1", "a header line does not begin with a name and a colon"),
    /** More header lines than this end accepts: 431. */
    TOO_MANY_HEADERS(431, "RFC 6585 §5", "the head has too many headers"),
    /** A longer head than this end accepts: 431. */
    HEAD_TOO_LONG(431, "RFC 6585 §5", "the head is too long"),
    /** A {@code Content-Length} that is not one number: 400. */
    CONTENT_LENGTH_MALFORMED(400, "RFC 9112 §6.3", "Content-Length is not one number"),
    /** A chunk without its length, without its line end, or longer than it says: 400. */
    CHUNK_MALFORMED(400, "RFC 9112 §7.1", "a chunk of the body is malformed");

    private final Rule rule;

    HttpViolation(int status, String section, String description) {
        rule = Rule.of("http", this, status, section, description);
    }

    @Override
    public Rule rule() {
        return rule;
    }
}
