package dev.tenon.ws.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.ClientHandshake;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HeadLimits;
import dev.tenon.ws.handshake.HttpHeadParser;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.OriginPolicy;
import dev.tenon.ws.handshake.ServerHandshake;
import dev.tenon.ws.handshake.WebSocketUri;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import org.jspecify.annotations.Nullable;

/** Each broken handshake is good but for one thing, and both roles report exactly that. */
class BrokenHandshakeProperties {
    private static final ServerHandshake SERVER = new ServerHandshake(Extensions.none(), List.of(), OriginPolicy.any());

    /** What the server says about each rule. */
    private static Pattern said(BrokenRequest.Violation violation) {
        return Pattern.compile(
                switch (violation) {
                    case REQUEST_LINE_MALFORMED -> "a request line that is not .*";
                    case METHOD_NOT_GET -> "a WebSocket is asked for with GET";
                    case VERSION_OF_HTTP -> "only HTTP/1.1 and HTTP/1.0 are spoken here";
                    case UPGRADE_IN_HTTP_1_0 -> "only WebSocket .* here; this request asks for .* in HTTP/1.0.*";
                    case TARGET_MALFORMED -> "a request target .*";
                    case HOST_MISSING -> "no Host";
                    case HOST_TWICE -> "more than one Host";
                    case HOST_MALFORMED -> "a Host that is not a host and a port";
                    case UPGRADE_MISSING -> "only WebSocket connections are accepted here; this request has a .*";
                    case UPGRADE_NOT_IN_CONNECTION -> "no Upgrade in Connection.*";
                    case KEY_MISSING -> "no Sec-WebSocket-Key";
                    case KEY_TWICE -> "more than one Sec-WebSocket-Key";
                    case KEY_MALFORMED -> "a Sec-WebSocket-Key that is not 16 bytes in base64";
                    case VERSION_MISSING -> "no Sec-WebSocket-Version";
                    case VERSION_TWICE -> "more than one Sec-WebSocket-Version";
                    case VERSION_NOT_13 -> "version 13 .*";
                    case BODY -> "an opening handshake has no body";
                    case BODY_LENGTH_MALFORMED ->
                        "a Content-Length that is not one number|a Transfer-Encoding beside .*";
                    case SUBPROTOCOLS_MALFORMED -> ".*Sec-WebSocket-Protocol.*";
                    case EXTENSIONS_MALFORMED -> "Sec-WebSocket-Extensions: expected .*";
                    case HEADERS_MALFORMED ->
                        "a folded header line|a (line feed|carriage return) without .*|a control character .*"
                                + "|a space before the colon .*|a header line that does not begin .*";
                    case HEAD_TOO_LARGE -> "a head longer than .*|more than 100 headers";
                });
    }

    private static void serve(ByteBuffer bytes) {
        HttpRequest request = HttpHeadParser.forRequests(HeadLimits.DEFAULT).parse(bytes);
        SERVER.check(whole(request), false, null);
    }

    private static HttpRequest whole(@Nullable HttpRequest request) {
        return Objects.requireNonNull(request, "the head does not end");
    }

    @Property
    @StatisticsReport(onFailureOnly = true)
    void aServerReportsExactlyTheRule(@ForAll BrokenRequest broken) {
        serve(broken.good().encode());
        HandshakeException refusal = assertThrows(HandshakeException.class, () -> serve(broken.bytes()));
        String message = String.valueOf(refusal.getMessage());
        assertEquals(broken.status(), refusal.status(), message);
        assertTrue(said(broken.violation()).matcher(message).matches(), message);
        Statistics.collect(broken.violation());
        Statistics.coverage(seen -> {
            for (BrokenRequest.Violation violation : BrokenRequest.Violation.values()) {
                seen.check(violation).count(times -> times > 0);
            }
        });
    }

    /** What the client says about each rule. */
    private static Pattern said(BrokenAnswer.Violation violation) {
        String broken = "the server's response breaks the handshake: ";
        return Pattern.compile(
                switch (violation) {
                    case STATUS_LINE_MALFORMED -> "the response cannot be read: it.*";
                    case STATUS_NOT_101 -> "the server did not accept the connection: .*";
                    case UPGRADE_NOT_WEBSOCKET -> broken + "Upgrade is not websocket";
                    case UPGRADE_NOT_IN_CONNECTION -> broken + "there is no Upgrade in Connection";
                    case ACCEPT_MISSING, ACCEPT_TWICE -> broken + "there is not exactly one Sec-WebSocket-Accept";
                    case ACCEPT_OF_ANOTHER_KEY -> broken + "Sec-WebSocket-Accept does not belong .*";
                    case SUBPROTOCOL_NOT_OFFERED -> broken + "the subprotocol .* was not offered: .*";
                    case SUBPROTOCOL_TWICE -> broken + "there is more than one Sec-WebSocket-Protocol";
                    case EXTENSION_NOT_OFFERED -> broken + "the server agreed to .*, which was not offered";
                    case EXTENSIONS_MALFORMED -> broken + "Sec-WebSocket-Extensions: expected .*";
                    case HEADERS_MALFORMED -> "the response cannot be read: .*";
                });
    }

    @Property
    @StatisticsReport(onFailureOnly = true)
    void aClientReportsExactlyTheRule(@ForAll BrokenAnswer broken) {
        ClientHandshake client = ClientHandshake.to(WebSocketUri.parse("ws://localhost/"))
                .subprotocols(List.of("a"))
                .start();
        HandshakeException failure = assertThrows(HandshakeException.class, () -> {
            assertEquals(null, client.receive(broken.answerTo(client.request())));
            throw client.endOfInput();
        });
        String message = String.valueOf(failure.getMessage());
        assertTrue(said(broken.violation()).matcher(message).matches(), message);
        Statistics.collect(broken.violation());
        Statistics.coverage(seen -> {
            for (BrokenAnswer.Violation violation : BrokenAnswer.Violation.values()) {
                seen.check(violation).count(times -> times > 0);
            }
        });
    }

    @Example
    void peopleReadTheRuleAndTheHead() {
        HttpRequest good = HttpHeadParser.forRequests(HeadLimits.DEFAULT)
                .parse(ByteBuffer.wrap("GET / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        assertEquals(
                "HOST_TWICE, to be answered with 400:\nGET / HTTP/1.1\nHost: h\nHost: localhost\n\n",
                BrokenRequest.of(BrokenRequest.Violation.HOST_TWICE, whole(good), 0)
                        .toString());
    }
}
