package dev.tenon.ws.handshake;

import static dev.tenon.ws.handshake.HandshakeException.refuse;

/** The request line (RFC 9112 §3). */
final class RequestLine implements StartLine<HttpRequest> {
    private String method = "";
    private String target = "";
    private HttpVersion version = HttpVersion.HTTP_1_1;

    @Override
    public void read(String line) {
        int first = line.indexOf(' ');
        int second = line.indexOf(' ', first + 1);
        if (first < 0 || second < 0 || line.indexOf(' ', second + 1) >= 0) {
            throw refuse(RequestViolation.REQUEST_LINE_MALFORMED);
        }
        method = line.substring(0, first);
        target = line.substring(first + 1, second);
        if (!HttpSyntax.isToken(method)) {
            throw refuse(RequestViolation.METHOD_MALFORMED);
        }
        if (!HttpSyntax.isTarget(target)) {
            throw refuse(RequestViolation.TARGET_MALFORMED);
        }
        version = version(line.substring(second + 1));
        RequestRules.checkTargetForm(method, target);
    }

    private HttpVersion version(String text) {
        if (text.equals("HTTP/1.1")) {
            return HttpVersion.HTTP_1_1;
        }
        if (!StartLine.isVersion(text)) {
            throw refuse(RequestViolation.HTTP_VERSION_MALFORMED);
        }
        if (text.charAt(5) != '1') {
            throw refuse(RequestViolation.HTTP_VERSION_UNSUPPORTED);
        }
        return text.charAt(7) == '0' ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1; // RFC 9110 §2.5
    }

    @Override
    public HttpRequest finish(Headers headers) {
        HttpRequest request = new HttpRequest(method, target, version, headers);
        RequestRules.checkHost(request);
        RequestRules.checkBody(request);
        return request;
    }

    @Override
    public boolean mayFollowEmptyLine() {
        return true;
    }

    @Override
    public boolean unfoldsLines() {
        return false;
    }

    @Override
    public HandshakeException withHead(HandshakeException failure, String line, Headers headers) {
        return failure;
    }

    @Override
    public HandshakeException malformed(HttpViolation violation) {
        return refuse(violation);
    }

    @Override
    public HandshakeException tooLarge(HttpViolation violation, int limit) {
        return refuse(violation, "the limit is " + limit);
    }

    @Override
    public HandshakeException tooLongLine(String line) { // RFC 9112 §3
        if (line.isEmpty()) {
            return refuse(RequestViolation.EMPTY_LINES);
        }
        return line.indexOf(' ') < 0
                ? refuse(RequestViolation.METHOD_TOO_LONG)
                : refuse(RequestViolation.TARGET_TOO_LONG);
    }
}
