package dev.tenon.ws.testkit;

import dev.tenon.ws.extension.NegotiationViolation;
import dev.tenon.ws.frame.HandshakeViolation;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpViolation;
import dev.tenon.ws.handshake.ResponseViolation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * A response to an opening handshake with one defect, for tests of clients and proxies. A client must fail the
 * connection for any request, but may repair bare line feeds (RFC 9112 §2.2). A folded line is not a defect, because
 * clients must join it (RFC 9112 §5.2). Immutable. See {@link Handshakes#brokenResponses}.
 *
 * @param defect the defect
 * @param choice selects a way to break the rule, 0 or more; 0 is the simplest
 */
public record BrokenResponse(Defect defect, int choice) {
    private static final String ACCEPT = "Sec-WebSocket-Accept";
    private static final String PROTOCOL = "Sec-WebSocket-Protocol";
    private static final String EXTENSIONS = "Sec-WebSocket-Extensions";

    /** A defect of a response (RFC 6455 §4.1 and RFC 9112). */
    @SuppressWarnings("ImmutableEnumChecker") // a set of Set.of
    public enum Defect {
        /** A first line that is not a status line of HTTP/1.1, or a status line of HTTP/1.0. */
        STATUS_LINE_MALFORMED(ResponseViolation.STATUS_LINE_MALFORMED, ResponseViolation.UPGRADE_IN_HTTP_1_0),
        /** Another status than 101, without another defect. */
        STATUS_NOT_101,
        /** {@code Upgrade} is missing or is not {@code websocket}. */
        UPGRADE_NOT_WEBSOCKET(ResponseViolation.UPGRADE_NOT_WEBSOCKET),
        /** {@code Upgrade} is not in {@code Connection}. */
        UPGRADE_NOT_IN_CONNECTION(ResponseViolation.UPGRADE_NOT_IN_CONNECTION),
        /** No {@code Sec-WebSocket-Accept}. */
        ACCEPT_MISSING(ResponseViolation.ACCEPT_NOT_ONCE),
        /** Two of them. */
        ACCEPT_TWICE(ResponseViolation.ACCEPT_NOT_ONCE),
        /** A {@code Sec-WebSocket-Accept} for another key. */
        ACCEPT_OF_ANOTHER_KEY(ResponseViolation.ACCEPT_MISMATCH),
        /** A subprotocol that was not offered. */
        SUBPROTOCOL_NOT_OFFERED(ResponseViolation.SUBPROTOCOL_NOT_OFFERED),
        /** Two subprotocols, in one line or in two. */
        SUBPROTOCOL_TWICE(ResponseViolation.SUBPROTOCOL_REPEATED),
        /** An extension that was not offered. */
        EXTENSION_NOT_OFFERED(NegotiationViolation.NOT_OFFERED),
        /** Extensions that break the grammar of RFC 6455 §9.1. */
        EXTENSIONS_MALFORMED(NegotiationViolation.HEADER_MALFORMED),
        /** A bare line feed or carriage return, a control character, no colon: RFC 9112 §2.2, §5. */
        HEADERS_MALFORMED(
                HttpViolation.CARRIAGE_RETURN_ALONE,
                HttpViolation.LINE_FEED_ALONE,
                HttpViolation.CONTROL_CHARACTER,
                HttpViolation.SPACE_BEFORE_COLON,
                HttpViolation.HEADER_MALFORMED);

        private final Set<HandshakeViolation> violations;

        Defect(HandshakeViolation... violations) {
            this.violations = Set.of(violations);
        }

        /**
         * Returns the rules of this defect; each response breaks one of them.
         *
         * @return the possible violations of a {@code HandshakeException}; none for a refusal
         */
        public Set<HandshakeViolation> violations() {
            return violations;
        }
    }

    /**
     * Returns the broken response to a request.
     *
     * @param request a valid opening handshake
     * @return a new buffer with a complete head
     */
    public ByteBuffer responseTo(HttpRequest request) {
        String key = String.valueOf(request.headers().first("Sec-WebSocket-Key"));
        String accept = OpeningHandshake.accept(key);
        Headers good = Headers.of("Upgrade", "websocket", "Connection", "Upgrade", ACCEPT, accept);
        HeadText head = new HeadText(HttpResponse.of(101, good).encode());
        String broken = withDefect(head, key, accept).toString();
        return ByteBuffer.wrap(broken.getBytes(StandardCharsets.ISO_8859_1));
    }

    private HeadText withDefect(HeadText head, String key, String accept) {
        return switch (defect) {
            case STATUS_LINE_MALFORMED ->
                head.startLine(pick("HTTP/1.0 101 Old", "HTTP/2.0 101 New", "HTTP/1.1 1O1 No", "HTTP/1.1", "101", ""));
            case STATUS_NOT_101 -> head.startLine("HTTP/1.1 " + pick("200 OK", "404 Not Found", "302 Found", "503 No"));
            case UPGRADE_NOT_WEBSOCKET ->
                choice == 0
                        ? head.without("Upgrade")
                        : head.with("Upgrade", pick("h2c", "websocket, h2c", "websockets"));
            case UPGRADE_NOT_IN_CONNECTION ->
                choice == 0
                        ? head.without("Connection")
                        : head.with("Connection", pick("close", "keep-alive", "websocket"));
            case ACCEPT_MISSING -> head.without(ACCEPT);
            case ACCEPT_TWICE -> head.and(ACCEPT + ": " + accept);
            case ACCEPT_OF_ANOTHER_KEY -> head.with(ACCEPT, wrongAccept(key, accept));
            case SUBPROTOCOL_NOT_OFFERED -> head.and(PROTOCOL + ": " + pick("x-not-offered", "\"\""));
            case SUBPROTOCOL_TWICE -> head.and(PROTOCOL + ": a" + pick("\r\n" + PROTOCOL + ": a", ", b", ", a"));
            case EXTENSION_NOT_OFFERED -> head.and(EXTENSIONS + ": " + pick("x-not-offered", "x-not-offered; a=1"));
            case EXTENSIONS_MALFORMED -> head.and(EXTENSIONS + ": " + pick("a b", "a;", "a; b=", "a; b=\"c"));
            case HEADERS_MALFORMED -> head.malformedUnfolded(choice);
        };
    }

    private String wrongAccept(String key, String accept) {
        return switch (choice % 4) {
            case 0 -> OpeningHandshake.accept("");
            case 1 -> key;
            case 2 -> accept + "=";
            default -> accept.toLowerCase(Locale.ROOT).equals(accept) ? "A" : accept.toLowerCase(Locale.ROOT);
        };
    }

    private String pick(String... ways) {
        return ways[choice % ways.length];
    }
}
