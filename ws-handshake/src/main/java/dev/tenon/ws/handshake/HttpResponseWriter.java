package dev.tenon.ws.handshake;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Encodes a server's final response to a request, with {@code Date} and the correct {@code Content-Length} (RFC 9110
 * §8.6), even if the application has set another one.
 */
final class HttpResponseWriter {
    private HttpResponseWriter() {}

    /**
     * Encodes a response.
     *
     * @throws IllegalStateException if the client could misread it
     */
    static ByteBuffer write(String method, HttpResponse response, boolean last, String date) {
        check(response);
        ByteBuffer body = method.equals("HEAD") ? ByteBuffer.allocate(0) : response.body();
        return bytes(response, contentLength(method, response), body, last, date);
    }

    /**
     * Encodes the head of a response whose body of a known length follows.
     *
     * @throws IllegalStateException if the client could misread it
     */
    static ByteBuffer writeHead(HttpResponse response, long length, boolean last, String date) {
        check(response);
        if (length < 0 || response.body().hasRemaining() || (length > 0 && !mayHaveBody(response.status()))) {
            throw new IllegalStateException("a response with status " + response.status() + " and "
                    + response.body().remaining() + " bytes of body cannot be followed by a body of " + length
                    + " bytes");
        }
        return bytes(response, Long.toString(length), ByteBuffer.allocate(0), last, date);
    }

    private static ByteBuffer bytes(HttpResponse response, String length, ByteBuffer body, boolean last, String date) {
        HttpResponse written = last ? response.withConnectionClose() : response;
        Headers.Builder headers = written.headers().toBuilder().remove("Content-Length");
        if (!length.isEmpty()) {
            headers.add("Content-Length", length);
        }
        if (written.headers().count("Date") == 0) { // RFC 9110 §6.6.1
            headers.add("Date", date);
        }
        return bytes(written, headers.build(), body);
    }

    private static void check(HttpResponse response) {
        int status = response.status();
        if (status < 200) {
            throw new IllegalStateException("a status of " + status + " is no final response");
        }
        if (!mayHaveBody(status) && response.body().hasRemaining()) {
            throw new IllegalStateException("a response with status " + status + " has no body, but this one has "
                    + response.body().remaining() + " bytes");
        }
        if (response.headers().count("Transfer-Encoding") > 0) {
            throw new IllegalStateException("the connection sets Transfer-Encoding itself");
        }
    }

    private static boolean mayHaveBody(int status) {
        return status != 204 && status != 205 && status != 304;
    }

    /** The value of {@code Content-Length}, or the empty string for none. */
    private static String contentLength(String method, HttpResponse response) {
        int length = response.body().remaining();
        String given = response.headers().first("Content-Length");
        boolean ofOtherResponse = response.status() == 304 || (method.equals("HEAD") && length == 0);
        if (response.status() == 204) { // RFC 9110 §8.6: none
            return "";
        }
        if (ofOtherResponse && given != null) { // the length of the response to GET, which only the application knows
            return HttpSyntax.number(given) < 0 ? "" : given;
        }
        return response.status() == 304 ? "" : Integer.toString(length);
    }

    private static ByteBuffer bytes(HttpResponse response, Headers headers, ByteBuffer body) {
        StringBuilder head = new StringBuilder(256);
        head.append("HTTP/1.1 ").append(response.status()).append(' ').append(printable(response.reason()));
        head.append("\r\n");
        HeaderLines.write(headers, head);
        head.append("\r\n");
        byte[] bytes = head.toString().getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(bytes.length + body.remaining())
                .put(bytes)
                .put(body)
                .flip();
    }

    /** Removes the control characters of ISO 8859-1 above ASCII, which terminals interpret. */
    private static String printable(String reason) {
        StringBuilder shown = new StringBuilder(reason.length());
        for (int i = 0; i < reason.length(); i++) {
            char c = reason.charAt(i);
            shown.append(c >= 0x80 && c < 0xA0 ? '?' : c);
        }
        return shown.toString();
    }
}
