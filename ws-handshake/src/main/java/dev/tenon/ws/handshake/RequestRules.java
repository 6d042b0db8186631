package dev.tenon.ws.handshake;

import static dev.tenon.ws.handshake.HandshakeException.refuse;

import org.jspecify.annotations.Nullable;

/**
 * The rules for every HTTP/1.1 request, which ensure that all readers understand it in the same way (RFC 9112 §3, §6).
 */
final class RequestRules {
    private RequestRules() {}

    /** RFC 9112 §3.2: which form of target goes with which method. */
    static void checkTargetForm(String method, String target) {
        boolean fits;
        if (method.equals("CONNECT")) {
            Authority authority = Authority.parse(target);
            fits = authority != null && authority.port() >= 0;
        } else if (target.equals("*")) {
            fits = method.equals("OPTIONS");
        } else {
            fits = target.charAt(0) == '/' || absoluteAuthority(target) != null;
        }
        if (!fits) {
            throw refuse(RequestViolation.TARGET_FORM);
        }
    }

    private static @Nullable Authority absoluteAuthority(String target) {
        int start = authorityStart(target);
        return start < 0 ? null : Authority.parse(target.substring(start, authorityEnd(target, start)));
    }

    /** The index at which the authority of an absolute-form target begins, or -1 for another form. */
    static int authorityStart(String target) {
        int colon = target.indexOf(':');
        if (target.charAt(0) == '/' || colon < 2 || !target.startsWith("//", colon + 1)) {
            return -1;
        }
        String scheme = target.substring(0, colon);
        boolean known = scheme.equalsIgnoreCase("http")
                || scheme.equalsIgnoreCase("https")
                || scheme.equalsIgnoreCase("ws")
                || scheme.equalsIgnoreCase("wss");
        return known ? colon + 3 : -1;
    }

    static int authorityEnd(String target, int start) {
        int end = start;
        while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
            end++;
        }
        return end;
    }

    /** RFC 9112 §3.2: exactly one good Host in HTTP/1.1, at most one before. */
    static void checkHost(HttpRequest request) {
        int count = request.headers().count("Host");
        if (count > 1) {
            throw refuse(RequestViolation.HOST_REPEATED);
        }
        String host = request.headers().first("Host");
        if (host == null) {
            if (request.version() == HttpVersion.HTTP_1_1) {
                throw refuse(RequestViolation.HOST_MISSING);
            }
            return;
        }
        // An empty Host is valid for a target without an authority; UpgradeRules refuses it for an upgrade.
        if (!host.isEmpty() && Authority.parse(host) == null) {
            throw refuse(RequestViolation.HOST_MALFORMED);
        }
    }

    /** RFC 9112 §6: a request may declare the length of its body in one way only. */
    static void checkBody(HttpRequest request) {
        Headers headers = request.headers();
        int codings = headers.count("Transfer-Encoding");
        int lengths = headers.count("Content-Length");
        if (codings > 0) {
            if (lengths > 0 || request.version() == HttpVersion.HTTP_1_0) {
                throw refuse(RequestViolation.BODY_LENGTH_AMBIGUOUS);
            }
            if (codings > 1 || !"chunked".equalsIgnoreCase(headers.first("Transfer-Encoding"))) {
                throw refuse(RequestViolation.TRANSFER_CODING_UNSUPPORTED);
            }
        }
        String length = headers.first("Content-Length");
        if (lengths > 1 || (length != null && HttpSyntax.number(length) < 0)) {
            throw refuse(HttpViolation.CONTENT_LENGTH_MALFORMED);
        }
    }
}
