package dev.tenon.ws.handshake;

import dev.tenon.ws.frame.HandshakeViolation;
import java.nio.ByteBuffer;

/** The status line (RFC 9112 §4). */
final class StatusLine implements StartLine<HttpResponse> {
    private int status;
    private String reason = "";

    @Override
    public void read(String line) {
        status = statusOf(line);
        if (status < 0) {
            throw unreadable(ResponseViolation.STATUS_LINE_MALFORMED, ", but " + HttpSyntax.quoted(line));
        }
        if (status == 101 && line.charAt(7) == '0') { // RFC 9110 §7.8
            throw unreadable(ResponseViolation.UPGRADE_IN_HTTP_1_0, "");
        }
        reason = reasonOf(line);
    }

    /** The status code in a line that may be incomplete; -1 if there is none. */
    private static int statusOf(String line) {
        boolean ok = line.length() >= 12
                && StartLine.isVersion(line.substring(0, 8))
                && line.charAt(5) == '1'
                && line.charAt(8) == ' '
                && (line.length() == 12 || line.charAt(12) == ' ');
        int status = ok ? (int) HttpSyntax.number(line.substring(9, 12)) : -1;
        return status < 100 ? -1 : status;
    }

    private static String reasonOf(String line) {
        return line.length() > 13 ? HttpSyntax.trim(line.substring(13)) : "";
    }

    @Override
    public HttpResponse finish(Headers headers) {
        return new HttpResponse(status, reason, headers, ByteBuffer.allocate(0));
    }

    @Override
    public boolean mayFollowEmptyLine() {
        return false;
    }

    @Override
    public boolean unfoldsLines() {
        return true;
    }

    @Override
    public HandshakeException malformed(HttpViolation violation) {
        return unreadable(violation, "");
    }

    @Override
    public HandshakeException tooLarge(HttpViolation violation, int limit) {
        return unreadable(violation, ": the limit is " + limit + "; the limits of the client can be raised");
    }

    @Override
    public HandshakeException tooLongLine(String line) {
        return unreadable(
                ResponseViolation.STATUS_LINE_TOO_LONG,
                ": " + HttpSyntax.quoted(line) + "; the limits of the client can be raised");
    }

    private static HandshakeException unreadable(HandshakeViolation violation, String more) {
        return new HandshakeException(
                "the response cannot be read: " + violation.description() + more, null, violation);
    }

    @Override
    public HandshakeException withHead(HandshakeException failure, String line, Headers headers) {
        int known = statusOf(line);
        return known < 0
                ? failure
                : failure.withResponse(new HttpResponse(known, reasonOf(line), headers, ByteBuffer.allocate(0)));
    }
}
