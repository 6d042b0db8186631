package dev.tenon.ws.conformance.violations;

import static dev.tenon.ws.conformance.violations.RequestSent.changed;
import static dev.tenon.ws.conformance.violations.RequestSent.with;
import static dev.tenon.ws.conformance.violations.RequestSent.without;

import dev.tenon.ws.conformance.violations.FramesSent.Negotiated;
import dev.tenon.ws.deflate.DeflateViolation;
import dev.tenon.ws.extension.NegotiationViolation;
import dev.tenon.ws.frame.CloseViolation;
import dev.tenon.ws.frame.ConnectionViolation;
import dev.tenon.ws.frame.FrameViolation;
import dev.tenon.ws.frame.HandshakeViolation;
import dev.tenon.ws.frame.LimitViolation;
import dev.tenon.ws.frame.MessageViolation;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.handshake.HttpViolation;
import dev.tenon.ws.handshake.RequestViolation;
import dev.tenon.ws.handshake.ResponseViolation;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** An example for each rule, in the order of the rules. */
final class Provocations {
    private static final String CHUNKED =
            "POST /chat HTTP/1.1\r\nHost: example.com\r\nTransfer-Encoding: chunked\r\n\r\n";

    private Provocations() {}

    static List<Provocation> all() {
        return Stream.of(
                        frames(),
                        messages(),
                        deflate(),
                        http(),
                        requests(),
                        upgrades(),
                        streams(),
                        responses(),
                        extensions())
                .flatMap(List::stream)
                .toList();
    }

    private static FramesSent masked(ConnectionViolation violation, String hex) {
        return new FramesSent(violation, Role.CLIENT, hex, Negotiated.NONE);
    }

    private static FramesSent compressed(ConnectionViolation violation, String hex) {
        return new FramesSent(violation, Role.CLIENT, hex, Negotiated.DEFLATE);
    }

    private static List<Provocation> frames() {
        return List.of(
                masked(FrameViolation.RSV_NOT_NEGOTIATED, "c1 80 00000000"),
                masked(FrameViolation.OPCODE_NOT_NEGOTIATED, "83 80 00000000"),
                masked(FrameViolation.CONTROL_FRAME_FRAGMENTED, "09 80 00000000"),
                masked(FrameViolation.CONTROL_FRAME_TOO_LONG, "89 fe 007e 00000000"),
                masked(FrameViolation.MASK_MISSING, "81 00"),
                new FramesSent(FrameViolation.MASK_FORBIDDEN, Role.SERVER, "81 80 00000000", Negotiated.NONE),
                masked(FrameViolation.LENGTH_TOP_BIT_SET, "82 ff 8000000000000000 00000000"),
                masked(FrameViolation.LENGTH_NOT_MINIMAL, "82 fe 0001 00000000 00"),
                masked(FrameViolation.FRAME_TOO_LONG, "82 91 00000000"));
    }

    private static List<Provocation> messages() {
        return List.of(
                masked(MessageViolation.CONTINUATION_WITHOUT_MESSAGE, "80 80 00000000"),
                masked(MessageViolation.MESSAGE_WITHIN_MESSAGE, "01 80 00000000 81 80 00000000"),
                masked(MessageViolation.TEXT_NOT_UTF_8, "81 81 00000000 ff"),
                masked(MessageViolation.MESSAGE_TOO_LONG, "02 90 00000000 00*16 80 81 00000000 00"),
                new FramesSent(MessageViolation.RSV_WITHIN_MESSAGE, Role.CLIENT, "c9 80 00000000", Negotiated.REVERSED),
                masked(CloseViolation.CODE_INCOMPLETE, "88 81 00000000 03"),
                masked(CloseViolation.CODE_NOT_ALLOWED, "88 82 00000000 03ed"),
                masked(CloseViolation.REASON_NOT_UTF_8, "88 83 00000000 03e8 ff"),
                masked(LimitViolation.TOO_MANY_CONTROL_FRAMES, "898000000000*3"),
                masked(LimitViolation.TOO_MANY_EMPTY_FRAGMENTS, "02 81 00000000 00 008000000000*3"),
                new FramesSent(LimitViolation.MESSAGE_STALLED, "02 81 00000000 00", "", Duration.ofSeconds(60), 2),
                new FramesSent(
                        LimitViolation.MESSAGE_TOO_SLOW,
                        "02 80 00000000",
                        "00 81 00000000 00",
                        Duration.ofSeconds(50),
                        13));
    }

    private static List<Provocation> deflate() {
        return List.of(
                compressed(DeflateViolation.RSV1_WITHIN_MESSAGE, "c9 80 00000000"),
                compressed(DeflateViolation.DATA_MALFORMED, "c1 81 00000000 07"),
                compressed(DeflateViolation.TOO_MANY_FINAL_BLOCKS, "c2 fe 0b00 00000000 0300*1408"),
                compressed(
                        DeflateViolation.COMPRESSED_MESSAGE_TOO_LONG,
                        "42 fe 0bb8 00000000 000000ffff*600 80 fe 0bb8 00000000 000000ffff*600"));
    }

    private static List<Provocation> http() {
        return List.of(
                with(HttpViolation.CARRIAGE_RETURN_ALONE, "X: a\rb"),
                with(HttpViolation.LINE_FEED_ALONE, "X: a\nY: b"),
                with(HttpViolation.CONTROL_CHARACTER, "X: \0"),
                with(HttpViolation.HEADER_LINE_FOLDED, "X: a\r\n b"),
                changed(HttpViolation.SPACE_BEFORE_HEADERS, "Host: e", " Host: e"),
                with(HttpViolation.SPACE_BEFORE_COLON, "X : a"),
                with(HttpViolation.HEADER_MALFORMED, "X"),
                with(HttpViolation.TOO_MANY_HEADERS, "X: a" + "\r\nX: a".repeat(100)),
                with(HttpViolation.HEAD_TOO_LONG, "X: " + "a".repeat(8192)),
                with(HttpViolation.CONTENT_LENGTH_MALFORMED, "Content-Length: x"),
                new RequestSent(HttpViolation.CHUNK_MALFORMED, CHUNKED + "x\r\n"));
    }

    private static List<Provocation> requests() {
        return List.of(
                new RequestSent(RequestViolation.EMPTY_LINES, "\r\n".repeat(5000)),
                changed(RequestViolation.REQUEST_LINE_MALFORMED, " HTTP/1.1", ""),
                changed(RequestViolation.METHOD_MALFORMED, "GET", "G(T"),
                changed(RequestViolation.METHOD_TOO_LONG, "GET", "G".repeat(9000)),
                changed(RequestViolation.TARGET_MALFORMED, "/chat", "/#chat"),
                changed(RequestViolation.TARGET_FORM, "/chat", "*"),
                changed(RequestViolation.TARGET_TOO_LONG, "/chat", "/" + "a".repeat(9000)),
                new ServedRequest(RequestViolation.PATH_MALFORMED, served("/chat", "/%ff")),
                changed(RequestViolation.HTTP_VERSION_MALFORMED, "HTTP/1.1", "HTPT/1.1"),
                changed(RequestViolation.HTTP_VERSION_UNSUPPORTED, "HTTP/1.1", "HTTP/2.0"),
                without(RequestViolation.HOST_MISSING, "Host"),
                with(RequestViolation.HOST_REPEATED, "Host: example.org"),
                changed(RequestViolation.HOST_MALFORMED, "Host: ", "Host: a@"),
                new ServedRequest(RequestViolation.HOST_NOT_SERVED, RequestSent.GOOD),
                with(RequestViolation.BODY_LENGTH_AMBIGUOUS, "Content-Length: 0\r\nTransfer-Encoding: chunked"),
                with(RequestViolation.TRANSFER_CODING_UNSUPPORTED, "Transfer-Encoding: gzip"),
                new RequestSent(
                        RequestViolation.BODY_TOO_LONG,
                        "POST /chat HTTP/1.1\r\nHost: example.com\r\nContent-Length: 3\r\n\r\n"),
                new RequestSent(RequestViolation.TOO_SLOW, "GET /chat", Duration.ofSeconds(30)),
                new RequestSent(
                        RequestViolation.TUNNEL_REQUESTED,
                        "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n"));
    }

    private static String served(String from, String to) {
        return RequestSent.GOOD.replace("example.com", "localhost").replace(from, to);
    }

    private static List<Provocation> upgrades() {
        return List.of(
                without(RequestViolation.UPGRADE_MISSING, "Upgrade"),
                changed(RequestViolation.METHOD_NOT_GET, "GET", "POST"),
                changed(RequestViolation.UPGRADE_NOT_IN_CONNECTION, "Connection: Upgrade", "Connection: keep-alive"),
                with(RequestViolation.BODY_IN_HANDSHAKE, "Content-Length: 1"),
                without(RequestViolation.VERSION_NOT_ONCE, "Sec-WebSocket-Version"),
                changed(RequestViolation.VERSION_UNSUPPORTED, "Version: 13", "Version: 8"),
                without(RequestViolation.KEY_NOT_ONCE, "Sec-WebSocket-Key"),
                changed(RequestViolation.KEY_MALFORMED, "Key: dGhl", "Key: dG"),
                with(RequestViolation.SUBPROTOCOLS_MALFORMED, "Sec-WebSocket-Protocol: a, a"),
                with(RequestViolation.ORIGIN_REPEATED, "Origin: http://a\r\nOrigin: http://b"),
                with(RequestViolation.ORIGIN_NOT_ALLOWED, "Origin: https://evil.example"));
    }

    private static StreamRequestSent stream(HandshakeViolation violation, String name, String value) {
        return new StreamRequestSent(violation, name, value, false);
    }

    private static List<Provocation> streams() {
        return List.of(
                new StreamRequestSent(RequestViolation.CONNECT_MALFORMED, ":scheme", null, false),
                stream(RequestViolation.PROTOCOL_NOT_WEBSOCKET, ":protocol", "connect-udp"),
                new StreamRequestSent(RequestViolation.PSEUDO_HEADER_REPEATED, ":path", "/b", true),
                stream(RequestViolation.CONNECTION_HEADER, "Upgrade", "websocket"),
                stream(RequestViolation.AUTHORITY_MISMATCH, "Host", "example.org"));
    }

    private static List<Provocation> responses() {
        String interim = "HTTP/1.1 103 Early Hints\r\n\r\n";
        return List.of(
                ResponseSent.changed(ResponseViolation.STATUS_LINE_MALFORMED, "HTTP/1.1 101", "HTPT/1.1 101"),
                ResponseSent.changed(ResponseViolation.STATUS_LINE_TOO_LONG, "Switching", "a".repeat(70_000)),
                ResponseSent.changed(ResponseViolation.UPGRADE_IN_HTTP_1_0, "HTTP/1.1", "HTTP/1.0"),
                new ResponseSent(ResponseViolation.TOO_MANY_INTERIM_RESPONSES, interim.repeat(20)),
                new ResponseSent(
                        ResponseViolation.TRANSFER_CODING_MALFORMED,
                        "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked, gzip\r\n\r\n"),
                ResponseSent.changed(ResponseViolation.UPGRADE_NOT_WEBSOCKET, "Upgrade: websocket", "Upgrade: h2c"),
                ResponseSent.changed(
                        ResponseViolation.UPGRADE_NOT_IN_CONNECTION, "Connection: Upgrade", "Connection: close"),
                ResponseSent.with(ResponseViolation.ACCEPT_NOT_ONCE, "Sec-WebSocket-Accept: x"),
                ResponseSent.changed(ResponseViolation.ACCEPT_MISMATCH, "{accept}", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
                new StreamResponseSent(ResponseViolation.CONNECTION_HEADER, "Upgrade", "websocket"),
                ResponseSent.with(ResponseViolation.SUBPROTOCOL_REPEATED, "Sec-WebSocket-Protocol: chat, chat"),
                ResponseSent.with(ResponseViolation.SUBPROTOCOL_NOT_OFFERED, "Sec-WebSocket-Protocol: soup"));
    }

    private static List<Provocation> extensions() {
        String header = "Sec-WebSocket-Extensions: ";
        String deflate = header + "permessage-deflate";
        return List.of(
                with(NegotiationViolation.HEADER_MALFORMED, header + "a b"),
                ResponseSent.with(NegotiationViolation.NOT_OFFERED, header + "x-unknown"),
                ResponseSent.with(NegotiationViolation.REPEATED, deflate + ", permessage-deflate"),
                ResponseSent.with(NegotiationViolation.CONFLICT, deflate + ", x-reversed"),
                ResponseSent.with(NegotiationViolation.PARAMETERS_REFUSED, deflate + "; server_max_window_bits=7"));
    }
}
