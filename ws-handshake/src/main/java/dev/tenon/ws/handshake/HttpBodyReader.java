package dev.tenon.ws.handshake;

import static dev.tenon.ws.handshake.HandshakeException.refuse;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the body of an HTTP/1.1 message, up to a limit (RFC 9112 §6, §7): by {@code Content-Length}, chunked, or until
 * the connection ends. It does no I/O, and bytes may be split anywhere. Not thread-safe.
 *
 * <p>The buffer grows with the bytes that arrive, never by the declared length.
 */
public final class HttpBodyReader {
    private static final int LONGEST_CHUNK_LINE = 256;
    private static final int LONGEST_TRAILER = 8192;

    private static final long UNTIL_CLOSE = Long.MAX_VALUE;

    private enum State {
        CHUNK_LINE,
        DATA,
        CHUNK_END,
        TRAILER,
        DONE
    }

    private final int limit;
    private final boolean chunked;
    /** Whether the end of the connection is the end of the body. */
    private final boolean untilClose;

    private State state = State.DATA;
    /** Bytes of the body or of the chunk that are still to come. */
    private long remaining;

    private byte[] body = new byte[0];
    private int length;
    private boolean truncated;

    private final StringBuilder line = new StringBuilder();
    private int trailerLength;

    private HttpBodyReader(int limit, boolean chunked, long length) {
        this.untilClose = !chunked && length == UNTIL_CLOSE;
        if (limit < 0) {
            throw new IllegalArgumentException("a limit is not negative: " + limit);
        }
        this.limit = limit;
        this.chunked = chunked;
        this.remaining = length;
        if (chunked) {
            state = State.CHUNK_LINE;
        } else if (length == 0) {
            state = State.DONE;
        }
    }

    /**
     * Reads the body of a request.
     *
     * @param request its head
     * @param limit how many bytes are kept at most
     * @return a reader at the start of the body
     * @throws HandshakeException with 400 or 501 if the length is ambiguous
     * @throws IllegalArgumentException if the limit is negative
     */
    public static HttpBodyReader of(HttpRequest request, int limit) {
        RequestRules.checkBody(request);
        String declared = request.headers().first("Content-Length");
        boolean chunked = request.headers().count("Transfer-Encoding") > 0;
        return new HttpBodyReader(limit, chunked, declared == null ? 0 : HttpSyntax.number(declared));
    }

    /**
     * Reads the body of a response to GET. A response to HEAD and a 2xx to CONNECT have no body: do not read one.
     *
     * <p>Several {@code Content-Length} values that are equal count as one (RFC 9110 §8.6), a final {@code chunked}
     * overrides any length (RFC 9112 §6.3), and {@code identity}, which old versions of HTTP/1.1 had, is ignored.
     *
     * @param response its head
     * @param limit how many bytes are kept at most
     * @return a reader at the start of the body
     * @throws HandshakeException with this response if the length is ambiguous
     * @throws IllegalArgumentException if the limit is negative
     */
    public static HttpBodyReader of(HttpResponse response, int limit) {
        Headers headers = response.headers();
        int status = response.status();
        if (status < 200 || status == 204 || status == 304) {
            return new HttpBodyReader(limit, false, 0);
        }
        List<String> codings = new ArrayList<>(headers.elements("Transfer-Encoding"));
        codings.removeIf("identity"::equalsIgnoreCase);
        if (!codings.isEmpty()) {
            return new HttpBodyReader(limit, isChunked(codings, response), UNTIL_CLOSE);
        }
        return new HttpBodyReader(limit, false, length(response));
    }

    /** RFC 9112 §6.3: if "chunked" is the last coding, the last chunk ends the body, otherwise the connection does. */
    private static boolean isChunked(List<String> codings, HttpResponse response) {
        int last = codings.size() - 1;
        for (int i = 0; i < last; i++) {
            if (codings.get(i).equalsIgnoreCase("chunked")) { // RFC 9112 §6.1
                throw ResponseRules.broken(ResponseViolation.TRANSFER_CODING_MALFORMED, response);
            }
        }
        return codings.get(last).equalsIgnoreCase("chunked");
    }

    private static long length(HttpResponse response) {
        if (response.headers().count("Content-Length") == 0) {
            return UNTIL_CLOSE;
        }
        List<String> lengths = response.headers().elements("Content-Length");
        long length = lengths.isEmpty() ? -1 : HttpSyntax.number(lengths.get(0));
        if (length < 0 || lengths.stream().anyMatch(other -> HttpSyntax.number(other) != length)) {
            throw ResponseRules.broken(HttpViolation.CONTENT_LENGTH_MALFORMED, response);
        }
        return length;
    }

    /**
     * Reads bytes up to the end of the body.
     *
     * @param input bytes as they came from the peer, from position to limit; not changed, not kept after the call. Its
     *     position moves behind the body, or to where the limit was exceeded
     * @return true if the body has ended or has exceeded the limit
     * @throws HandshakeException with 400 if chunks are malformed
     */
    public boolean read(ByteBuffer input) {
        while (state != State.DONE && input.hasRemaining()) {
            if (state == State.DATA) {
                readData(input);
            } else if (readLineByte(input.get())) {
                endLine();
            }
        }
        return state == State.DONE;
    }

    /**
     * Reports the end of the connection, which completes a body without a length and truncates any other.
     *
     * @return this reader
     */
    public HttpBodyReader endOfInput() {
        truncated |= state != State.DONE && !untilClose;
        state = State.DONE;
        return this;
    }

    /**
     * Returns the bytes of the body.
     *
     * @return a new read-only view, at most as long as the limit
     */
    public ByteBuffer body() {
        return ByteBuffer.wrap(body, 0, length).slice().asReadOnlyBuffer();
    }

    /**
     * Whether the body was longer than the limit, or the connection ended inside it.
     *
     * @return true if {@link #body()} is only its beginning
     */
    public boolean isTruncated() {
        return truncated;
    }

    private void readData(ByteBuffer input) {
        int count = (int) Math.min(Math.min(input.remaining(), remaining), limit - length);
        if (count == 0) {
            truncated = true;
            state = State.DONE;
            return;
        }
        if (length + count > body.length) {
            int capacity = (int) Math.min(limit, Math.max(2L * body.length, length + (long) count));
            body = Arrays.copyOf(body, capacity);
        }
        input.get(body, length, count);
        length += count;
        if (!untilClose) {
            remaining -= count;
        }
        if (remaining == 0) {
            state = chunked ? State.CHUNK_END : State.DONE;
        }
    }

    /** Reads a byte of a line between chunks; returns whether it ended the line. */
    private boolean readLineByte(byte b) {
        boolean afterCarriageReturn = !line.isEmpty() && line.charAt(line.length() - 1) == '\r';
        if (afterCarriageReturn != (b == '\n')) {
            throw refuse(HttpViolation.CHUNK_MALFORMED, "a line of it does not end in CR LF");
        }
        if (b == '\n') {
            line.setLength(line.length() - 1);
            return true;
        }
        line.append((char) (b & 0xFF));
        if (state == State.TRAILER ? ++trailerLength > LONGEST_TRAILER : line.length() > LONGEST_CHUNK_LINE) {
            throw refuse(HttpViolation.CHUNK_MALFORMED, "a line of it is too long");
        }
        return false;
    }

    private void endLine() {
        switch (state) {
            case CHUNK_LINE -> {
                remaining = chunkLength();
                state = remaining == 0 ? State.TRAILER : State.DATA;
            }
            case CHUNK_END -> {
                if (!line.isEmpty()) {
                    throw refuse(HttpViolation.CHUNK_MALFORMED, "it is longer than it says");
                }
                state = State.CHUNK_LINE;
            }
            default -> { // the trailer's fields are dropped: RFC 9112 §7.1.2
                if (line.isEmpty()) {
                    state = State.DONE;
                }
            }
        }
        line.setLength(0);
    }

    /** RFC 9112 §7.1: hexadecimal digits, and extensions that are ignored. */
    private long chunkLength() {
        long value = 0;
        int at = 0;
        for (; at < line.length() && Character.digit(line.charAt(at), 16) >= 0 && line.charAt(at) < 0x80; at++) {
            value = (value << 4) | Character.digit(line.charAt(at), 16);
        }
        String rest = HttpSyntax.trim(line.toString(), at, line.length());
        if (at == 0 || at > 15 || !(rest.isEmpty() || rest.startsWith(";"))) {
            throw refuse(HttpViolation.CHUNK_MALFORMED, "its length is not a hexadecimal number");
        }
        if (!isWellFormed(rest)) {
            throw refuse(HttpViolation.CHUNK_MALFORMED, "its extension is malformed");
        }
        return value;
    }

    /**
     * RFC 9112 §7.1.1: an extension has no control characters, and its quoted strings end. A reader that takes a line break
     * for a part of a quoted string would see another request.
     */
    private static boolean isWellFormed(String extension) {
        boolean quoted = false;
        boolean escaped = false;
        for (int i = 0; i < extension.length(); i++) {
            char c = extension.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7F) {
                return false;
            }
            quoted ^= c == '"' && !escaped;
            escaped = quoted && c == '\\' && !escaped;
        }
        return !quoted;
    }
}
