package dev.tenon.ws.handshake;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the heads of HTTP/1.x messages (RFC 9112 §2 to §5). Bytes may be split anywhere; the time is linear in their
 * number.
 *
 * <p>The parser refuses heads that two readers could understand differently, because attackers smuggle requests that
 * way. It refuses a line feed without a carriage return in both directions: RFC 9112 §2.2 allows readers to accept it
 * as a line end, but a proxy that does not would see another head. It refuses a folded line of a request; it joins that
 * of a response with one space, as RFC 9112 §5.2 demands of clients.
 *
 * <pre>{@code
 * HttpHeadParser<HttpRequest> parser = HttpHeadParser.forRequests(HeadLimits.DEFAULT);
 * HttpRequest request = parser.parse(input); // null: pass more bytes
 * }</pre>
 *
 * <p>It reads any method and any message, not only upgrades. Not thread-safe. After an exception every further call
 * throws it again.
 *
 * @param <T> {@link HttpRequest}, or {@link HttpResponse} with an empty body
 */
public final class HttpHeadParser<T> {
    private final HeadLimits limits;
    private final StartLine<T> kind;

    /** The first line of this head, once it has been read. */
    private String startLine = "";

    /** The value of the last header while folded lines may continue it. */
    private @Nullable StringBuilder folded;

    /** The line that is being read, without its line end. */
    private byte[] line = new byte[256];

    private int lineLength;
    /** Bytes of this head so far, line ends included. */
    private int headLength;

    private boolean afterCarriageReturn;
    private boolean inHeaders;
    private HeaderLines headers = new HeaderLines();
    private @Nullable HandshakeException failure;

    /** How often a byte was read or moved, for the test that the time is linear. */
    private long steps;

    private HttpHeadParser(HeadLimits limits, StartLine<T> kind) {
        this.limits = limits;
        this.kind = kind;
    }

    /**
     * Returns a parser for a server. Its exceptions have the response to send: 400, 414, 431, 501 or 505.
     *
     * @param limits the limits of a head
     * @return a parser at the start of a request
     */
    public static HttpHeadParser<HttpRequest> forRequests(HeadLimits limits) {
        return new HttpHeadParser<>(limits, new RequestLine());
    }

    /**
     * Returns a parser for a client. Its exceptions have the response as far as it was read, if its status is known:
     * the status, and the headers before the defect.
     *
     * @param limits the limits of a head
     * @return a parser at the start of a response
     */
    public static HttpHeadParser<HttpResponse> forResponses(HeadLimits limits) {
        return new HttpHeadParser<>(limits, new StatusLine());
    }

    /**
     * Reads bytes up to the end of the head.
     *
     * <p>If this returns a head, the position of {@code input} is exactly behind it, and the parser is at the start of
     * the next head. If it returns null, {@code input} is used up.
     *
     * @param input bytes as they came from the peer, from position to limit; not changed, not kept after the call
     * @return the head, or null if it is not complete
     * @throws HandshakeException if it breaks the grammar or a limit
     */
    public @Nullable T parse(ByteBuffer input) {
        if (failure != null) {
            throw failure;
        }
        try {
            while (input.hasRemaining()) {
                appendText(input);
                if (input.hasRemaining() && handleControl(input.get())) {
                    return finish();
                }
            }
            return null;
        } catch (HandshakeException e) {
            failure = kind.withHead(
                    e, inHeaders ? startLine : text(0, lineLength), inHeaders ? Headers.of(headers) : Headers.empty());
            throw failure;
        }
    }

    /**
     * Whether the last head is complete and the next has not begun, so that the input may end here. Empty lines before
     * a request belong to no head (RFC 9112 §2.2).
     *
     * @return false inside a head, and after an exception
     */
    public boolean isBetweenHeads() {
        boolean empty = headLength == 0 || (kind.mayFollowEmptyLine() && !inHeaders && lineLength == 0);
        return empty && failure == null;
    }

    long steps() {
        return steps;
    }

    /** Appends bytes up to the next control character to the line. */
    private void appendText(ByteBuffer input) {
        int start = input.position();
        int end = start;
        int limit = input.limit();
        while (end < limit && !HttpSyntax.isControl(input.get(end) & 0xFF)) {
            end++;
        }
        int length = end - start;
        steps += length;
        if (length == 0) {
            return;
        }
        if (afterCarriageReturn) {
            throw kind.malformed(HttpViolation.CARRIAGE_RETURN_ALONE);
        }
        int room = Math.min(
                inHeaders ? Integer.MAX_VALUE : limits.maxStartLine() - lineLength, limits.maxLength() - headLength);
        if (length > room) {
            append(input, room);
            throw tooLong();
        }
        append(input, length);
    }

    private void append(ByteBuffer input, int length) {
        steps += length;
        if (lineLength + length > line.length) {
            steps += lineLength;
            line = Arrays.copyOf(line, Math.max(2 * line.length, lineLength + length));
        }
        input.get(line, lineLength, length);
        lineLength += length;
        headLength += length;
    }

    /** Handles a control character; returns whether it ended the head. */
    private boolean handleControl(byte b) {
        steps++;
        if (++headLength > limits.maxLength()) {
            throw tooLong();
        }
        if (b == '\r' && !afterCarriageReturn) {
            afterCarriageReturn = true;
            return false;
        }
        if (b != '\n') {
            throw kind.malformed(
                    afterCarriageReturn ? HttpViolation.CARRIAGE_RETURN_ALONE : HttpViolation.CONTROL_CHARACTER);
        }
        if (!afterCarriageReturn) {
            throw kind.malformed(HttpViolation.LINE_FEED_ALONE);
        }
        afterCarriageReturn = false;
        steps += 2L * lineLength;
        boolean end = endLine();
        lineLength = 0;
        return end;
    }

    private boolean endLine() {
        if (inHeaders) {
            if (lineLength == 0) {
                endFolding();
                return true;
            }
            if (HttpSyntax.isSpace(line[0])) {
                foldedLine();
            } else {
                endFolding();
                headerLine();
            }
        } else if (lineLength > 0 || !kind.mayFollowEmptyLine()) { // RFC 9112 §2.2
            startLine = text(0, lineLength);
            kind.read(startLine);
            inHeaders = true;
        }
        return false;
    }

    private void foldedLine() { // RFC 9112 §5.2
        if (headers.size() == 0) { // RFC 9112 §2.2
            throw kind.malformed(HttpViolation.SPACE_BEFORE_HEADERS);
        }
        if (!kind.unfoldsLines()) {
            throw kind.malformed(HttpViolation.HEADER_LINE_FOLDED);
        }
        StringBuilder value = folded;
        if (value == null) {
            value = new StringBuilder(headers.lastValue());
            folded = value;
        }
        steps += lineLength;
        value.append(' ').append(HttpSyntax.trim(text(0, lineLength)));
    }

    private void endFolding() {
        if (folded != null) {
            steps += folded.length();
            headers.replaceLastValue(HttpSyntax.trim(folded.toString()));
            folded = null;
        }
    }

    private void headerLine() {
        if (headers.size() == limits.maxHeaders()) {
            throw kind.tooLarge(HttpViolation.TOO_MANY_HEADERS, limits.maxHeaders());
        }
        int colon = 0;
        while (colon < lineLength && HttpSyntax.isTokenChar(line[colon])) {
            colon++;
        }
        if (colon == 0 || colon == lineLength || line[colon] != ':') { // RFC 9112 §5.1
            throw kind.malformed(
                    colon > 0 && colon < lineLength && HttpSyntax.isSpace(line[colon])
                            ? HttpViolation.SPACE_BEFORE_COLON
                            : HttpViolation.HEADER_MALFORMED);
        }
        int start = colon + 1;
        int end = lineLength;
        while (start < end && HttpSyntax.isSpace(line[start])) {
            start++;
        }
        while (end > start && HttpSyntax.isSpace(line[end - 1])) {
            end--;
        }
        headers.append(text(0, colon), text(start, end));
    }

    private T finish() {
        T head = kind.finish(Headers.of(headers));
        headers = new HeaderLines();
        inHeaders = false;
        headLength = 0;
        return head;
    }

    private HandshakeException tooLong() {
        return inHeaders
                ? kind.tooLarge(HttpViolation.HEAD_TOO_LONG, limits.maxLength())
                : kind.tooLongLine(text(0, lineLength));
    }

    private String text(int start, int end) {
        return new String(line, start, end - start, StandardCharsets.ISO_8859_1);
    }
}
