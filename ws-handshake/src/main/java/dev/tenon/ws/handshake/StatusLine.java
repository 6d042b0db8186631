package dev.tenon.ws.handshake;

import java.nio.ByteBuffer;

/** The status line (RFC 9112 §4). */
final class StatusLine implements StartLine<HttpResponse> {
    private int status;
    private String reason = "";

    @Override
    public void read(String line) {
        status = statusOf(line);
        if (status < 0) {
            throw malformed("its first line is not an HTTP/1.1 status line, but " + HttpSyntax.quoted(line));
        }
        if (status == 101 && line.charAt(7) == '0') { // RFC 9110 §7.8
            throw malformed("it switches protocols in HTTP/1.0");
        }
        reason = reasonOf(line);
    }

    /** The status of a line that may have been cut behind it; -1 if there is none. */
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
    public HandshakeException malformed(String what) {
        return new HandshakeException("the response cannot be read: " + what, null);
    }

    @Override
    public HandshakeException tooLarge(String what) {
        return malformed(what + "; the limits of the client can be raised");
    }

    @Override
    public HandshakeException tooLongLine(String line) {
        return tooLarge("its first line is too long: " + HttpSyntax.quoted(line));
    }

    @Override
    public HandshakeException withHead(HandshakeException failure, String line, Headers headers) {
        int known = statusOf(line);
        return known < 0
                ? failure
                : new HandshakeException(
                        String.valueOf(failure.getMessage()),
                        new HttpResponse(known, reasonOf(line), headers, ByteBuffer.allocate(0)));
    }
}
