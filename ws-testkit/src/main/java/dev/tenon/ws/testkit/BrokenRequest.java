package dev.tenon.ws.testkit;

import dev.tenon.ws.extension.NegotiationViolation;
import dev.tenon.ws.frame.HandshakeViolation;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpViolation;
import dev.tenon.ws.handshake.RequestViolation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;

/**
 * The request of an opening handshake with one defect, for tests of servers and proxies. Immutable. See {@link
 * Handshakes#brokenRequests}.
 *
 * @param defect the defect
 * @param good the request without the defect
 * @param text the broken request as it is sent, one character per byte
 */
public record BrokenRequest(Defect defect, HttpRequest good, String text) {
    private static final String KEY = "Sec-WebSocket-Key";
    private static final String VERSION = "Sec-WebSocket-Version";
    private static final String PROTOCOL = "Sec-WebSocket-Protocol";
    private static final String EXTENSIONS = "Sec-WebSocket-Extensions";

    /** A defect of a request (RFC 6455 §4.2.1 and RFC 9112). */
    @SuppressWarnings("ImmutableEnumChecker") // a set of Set.of
    public enum Defect {
        /** A request line that is not three words: RFC 9112 §3. */
        REQUEST_LINE_MALFORMED(RequestViolation.REQUEST_LINE_MALFORMED),
        /** Another method than GET. */
        METHOD_NOT_GET(RequestViolation.METHOD_NOT_GET),
        /** HTTP/2 or another version that is not HTTP/1.x, in text. */
        VERSION_OF_HTTP(RequestViolation.HTTP_VERSION_UNSUPPORTED),
        /** {@code Upgrade} in HTTP/1.0, which ignores it: a server may handle it as plain HTTP. */
        UPGRADE_IN_HTTP_1_0(RequestViolation.UPGRADE_MISSING),
        /** A target with a fragment, or in a form that GET does not allow: RFC 9112 §3.2. */
        TARGET_MALFORMED(RequestViolation.TARGET_MALFORMED, RequestViolation.TARGET_FORM),
        /** No {@code Host}. */
        HOST_MISSING(RequestViolation.HOST_MISSING),
        /** Two {@code Host} headers: RFC 9112 §3.2. */
        HOST_TWICE(RequestViolation.HOST_REPEATED),
        /** A {@code Host} that is not a host and a port. */
        HOST_MALFORMED(RequestViolation.HOST_MALFORMED),
        /** No {@code Upgrade: websocket}: a server may handle it as plain HTTP. */
        UPGRADE_MISSING(RequestViolation.UPGRADE_MISSING),
        /** {@code Upgrade} is not in {@code Connection}. */
        UPGRADE_NOT_IN_CONNECTION(RequestViolation.UPGRADE_NOT_IN_CONNECTION),
        /** No {@code Sec-WebSocket-Key}. */
        KEY_MISSING(RequestViolation.KEY_NOT_ONCE),
        /** Two of them. */
        KEY_TWICE(RequestViolation.KEY_NOT_ONCE),
        /** A key that is not 16 bytes in base64. */
        KEY_MALFORMED(RequestViolation.KEY_MALFORMED),
        /** No {@code Sec-WebSocket-Version}. */
        VERSION_MISSING(RequestViolation.VERSION_NOT_ONCE),
        /** Two of them. */
        VERSION_TWICE(RequestViolation.VERSION_NOT_ONCE),
        /** Another version than 13: the response lists the supported ones (RFC 6455 §4.4). */
        VERSION_NOT_13(RequestViolation.VERSION_UNSUPPORTED),
        /** A body. */
        BODY(RequestViolation.BODY_IN_HANDSHAKE),
        /** Two lengths of the body, or one that is not a number: RFC 9112 §6.3. */
        BODY_LENGTH_MALFORMED(HttpViolation.CONTENT_LENGTH_MALFORMED, RequestViolation.BODY_LENGTH_AMBIGUOUS),
        /** Subprotocols that are not different tokens: RFC 6455 §4.1. */
        SUBPROTOCOLS_MALFORMED(RequestViolation.SUBPROTOCOLS_MALFORMED),
        /** Extensions that break the grammar of RFC 6455 §9.1. */
        EXTENSIONS_MALFORMED(NegotiationViolation.HEADER_MALFORMED),
        /** A folded line, a bare line feed or carriage return, a control character, no colon: RFC 9112 §2.2, §5. */
        HEADERS_MALFORMED(
                HttpViolation.CARRIAGE_RETURN_ALONE,
                HttpViolation.LINE_FEED_ALONE,
                HttpViolation.CONTROL_CHARACTER,
                HttpViolation.HEADER_LINE_FOLDED,
                HttpViolation.SPACE_BEFORE_COLON,
                HttpViolation.HEADER_MALFORMED),
        /** More than 8 KiB, or more than 100 headers. */
        HEAD_TOO_LARGE(HttpViolation.HEAD_TOO_LONG, HttpViolation.TOO_MANY_HEADERS);

        private final Set<HandshakeViolation> violations;

        Defect(HandshakeViolation... violations) {
            this.violations = Set.of(violations);
        }

        /**
         * Returns the rules of this defect; each request breaks one of them.
         *
         * @return the possible violations of a {@code HandshakeException}, all with the same status
         */
        public Set<HandshakeViolation> violations() {
            return violations;
        }

        /**
         * Returns the status of Tenon's response. Another server may respond with another status of 400 or above, but
         * not with 101, unless it repairs defects that RFC 9112 allows to repair (a folded line, a line that ends in a
         * bare line feed, two equal lengths) or accepts longer heads.
         *
         * @return the status code
         */
        public int status() {
            return violations.iterator().next().status();
        }
    }

    /**
     * Returns the status of Tenon's response, see {@link Defect#status}.
     *
     * @return the status code
     */
    public int status() {
        return defect.status();
    }

    /**
     * Returns the broken request as it is sent.
     *
     * @return a new buffer
     */
    public ByteBuffer bytes() {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * Returns a text for reports.
     *
     * @return defect, expected status and request
     */
    @Override
    public String toString() {
        return defect + ", to be answered with " + status() + ":\n" + text.replace("\r\n", "\n");
    }

    /** The choice selects a way to break the rule; 0 is the simplest. */
    static BrokenRequest of(Defect defect, HttpRequest good, int choice) {
        HeadText head = new HeadText(good.encode());
        String key = String.valueOf(good.headers().first(KEY));
        HeadText broken = switch (defect) {
            case REQUEST_LINE_MALFORMED -> head.startLine(pick(choice, "GET /", "GET  / HTTP/1.1", "GET / HTTP/1.1 x"));
            case METHOD_NOT_GET -> head.startLine(pick(choice, "POST", "HEAD", "PUT", "get") + " / HTTP/1.1");
            case VERSION_OF_HTTP -> head.startLine("GET / HTTP/" + pick(choice, "2.0", "3.0", "0.9"));
            case UPGRADE_IN_HTTP_1_0 -> head.startLine("GET / HTTP/1.0");
            case TARGET_MALFORMED ->
                head.startLine("GET " + pick(choice, "/#fragment", "*", "chat", "ftp://localhost/") + " HTTP/1.1");
            case HOST_MISSING -> head.without("Host");
            case HOST_TWICE -> head.and("Host: localhost");
            case HOST_MALFORMED ->
                head.with("Host", pick(choice, "a b", "user@localhost", "localhost:99999", "[::1", "localhost/"));
            case UPGRADE_MISSING ->
                choice == 0 ? head.without("Upgrade") : head.with("Upgrade", pick(choice, "h2c", "web"));
            case UPGRADE_NOT_IN_CONNECTION ->
                choice == 0 ? head.without("Connection") : head.with("Connection", pick(choice, "keep-alive", "close"));
            case KEY_MISSING -> head.without(KEY);
            case KEY_TWICE -> head.and(KEY + ": " + key);
            case KEY_MALFORMED -> head.with(KEY, badKey(key, choice));
            case VERSION_MISSING -> head.without(VERSION);
            case VERSION_TWICE -> head.and(VERSION + ": 13");
            case VERSION_NOT_13 -> head.with(VERSION, pick(choice, "8", "14", "0", "13.0", "013", "x"));
            case BODY ->
                choice % 2 == 0
                        ? head.with("Content-Length", "1").body("x")
                        : head.without("Content-Length")
                                .and("Transfer-Encoding: chunked")
                                .body("1\r\nx\r\n0\r\n\r\n");
            case BODY_LENGTH_MALFORMED ->
                choice % 2 == 0
                        ? head.with("Content-Length", "0")
                                .and(pick(choice / 2, "Content-Length: 0", "Transfer-Encoding: chunked"))
                        : head.with("Content-Length", pick(choice / 2, "-1", "+0", "0x0", "0, 0", "9".repeat(30)));
            case SUBPROTOCOLS_MALFORMED -> head.with(PROTOCOL, pick(choice, "a, a", "a b", "a/b", "a, b, a"));
            case EXTENSIONS_MALFORMED ->
                head.with(
                        EXTENSIONS, pick(choice, "a b", "a;", "a; b=", "a; b=\"c", "a; b=\"\"", "a; =b", "a; b=\" \""));
            case HEADERS_MALFORMED -> head.malformed(choice);
            case HEAD_TOO_LARGE -> choice % 2 == 0 ? head.and("X-Long: " + "x".repeat(9000)) : head.and(many());
        };
        return new BrokenRequest(defect, good, broken.toString());
    }

    private static String many() {
        StringBuilder lines = new StringBuilder("X-0: 0");
        for (int i = 1; i < 101; i++) {
            lines.append("\r\nX-").append(i).append(": ").append(i);
        }
        return lines.toString();
    }

    private static String badKey(String key, int choice) {
        return switch (choice % 6) {
            case 0 -> "";
            case 1 -> Base64.getEncoder().encodeToString(new byte[15]);
            case 2 -> Base64.getEncoder().encodeToString(new byte[17]);
            case 3 -> key.substring(0, 22);
            case 4 -> "-" + key.substring(1);
            default -> key + ", " + key;
        };
    }

    private static String pick(int choice, String... ways) {
        return ways[choice % ways.length];
    }
}
