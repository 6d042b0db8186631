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
            throw malformed("a request line that is not \"method target version\"");
        }
        method = line.substring(0, first);
        target = line.substring(first + 1, second);
        if (!HttpSyntax.isToken(method)) {
            throw malformed("a method that is not a token");
        }
        if (!HttpSyntax.isTarget(target)) {
            throw malformed("a request target with characters that it may not have");
        }
        version = version(line.substring(second + 1));
        RequestRules.checkTargetForm(method, target);
    }

    private HttpVersion version(String text) {
        if (text.equals("HTTP/1.1")) {
            return HttpVersion.HTTP_1_1;
        }
        if (!StartLine.isVersion(text)) {
            throw malformed("a request line without an HTTP version");
        }
        if (text.charAt(5) != '1') {
            throw refuse(505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
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
    public HandshakeException malformed(String what) {
        return refuse(400, what);
    }

    @Override
    public HandshakeException tooLarge(String what) {
        return refuse(431, what);
    }

    @Override
    public HandshakeException tooLongLine(String line) { // RFC 9112 §3
        if (line.isEmpty()) {
            return refuse(400, "nothing but empty lines");
        }
        return line.indexOf(' ') < 0
                ? refuse(501, "a method that is too long")
                : refuse(414, "a target that is too long");
    }
}
