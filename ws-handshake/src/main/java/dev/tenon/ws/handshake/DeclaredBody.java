package dev.tenon.ws.handshake;

import java.nio.ByteBuffer;

/**
 * The body that the head of a request declares (RFC 9112 §6).
 *
 * @param length its length, 0 if it is not declared
 * @param chunked whether the body is chunked, so that its length is not known in advance
 * @param awaitsContinue whether the client waits for {@code 100 Continue} before it sends the body (RFC 9110 §10.1.1)
 */
record DeclaredBody(long length, boolean chunked, boolean awaitsContinue) {
    private static final byte[] CONTINUE = {
        'H', 'T', 'T', 'P', '/', '1', '.', '1', ' ', '1', '0', '0', ' ', 'C', 'o', 'n', 't', 'i', 'n', 'u', 'e', '\r',
        '\n', '\r', '\n'
    };

    static DeclaredBody of(HttpRequest head) {
        String length = head.headers().first("Content-Length");
        boolean awaits = head.version() != HttpVersion.HTTP_1_0
                && "100-continue".equalsIgnoreCase(head.headers().first("Expect"));
        return new DeclaredBody(
                length == null ? 0 : HttpSyntax.number(length), head.headers().count("Transfer-Encoding") > 0, awaits);
    }

    boolean isEmpty() {
        return length == 0 && !chunked;
    }

    /** Whether the declared length exceeds a limit. */
    boolean exceeds(int limit) {
        return length > limit || (chunked && limit == 0);
    }

    static HandshakeException tooLong(int limit) {
        return HandshakeException.refuse(RequestViolation.BODY_TOO_LONG, "the limit is " + limit + " bytes");
    }

    static HttpEvent.Send sendContinue() {
        return new HttpEvent.Send(ByteBuffer.wrap(CONTINUE.clone()));
    }
}
