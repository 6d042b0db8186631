package dev.tenon.ws.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.HandshakeViolation;
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
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import org.jspecify.annotations.Nullable;

/** Each broken handshake has exactly one defect, and both roles report exactly that defect. */
class BrokenHandshakeProperties {
    private static final ServerHandshake SERVER = new ServerHandshake(Extensions.none(), List.of(), OriginPolicy.any());

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
        HandshakeViolation violation = Objects.requireNonNull(refusal.violation(), message);
        assertTrue(broken.defect().violations().contains(violation), refusal::toString);
        assertTrue(message.startsWith(violation.description()), message);
        Statistics.collect(broken.defect());
        Statistics.coverage(seen -> {
            for (BrokenRequest.Defect defect : BrokenRequest.Defect.values()) {
                seen.check(defect).count(times -> times > 0);
            }
        });
    }

    @Property
    @StatisticsReport(onFailureOnly = true)
    void aClientReportsExactlyTheRule(@ForAll BrokenResponse broken) {
        ClientHandshake client = ClientHandshake.to(WebSocketUri.parse("ws://localhost/"))
                .subprotocols(List.of("a"))
                .start();
        HandshakeException failure = assertThrows(HandshakeException.class, () -> {
            assertEquals(null, client.receive(broken.responseTo(client.request())));
            throw client.endOfInput();
        });
        if (broken.defect() == BrokenResponse.Defect.STATUS_NOT_101) {
            assertNull(failure.violation(), failure::toString);
        } else {
            assertTrue(broken.defect().violations().contains(failure.violation()), failure::toString);
        }
        Statistics.collect(broken.defect());
        Statistics.coverage(seen -> {
            for (BrokenResponse.Defect defect : BrokenResponse.Defect.values()) {
                seen.check(defect).count(times -> times > 0);
            }
        });
    }

    @Example
    void theMessageContainsTheRuleAndTheHead() {
        HttpRequest good = HttpHeadParser.forRequests(HeadLimits.DEFAULT)
                .parse(ByteBuffer.wrap("GET / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        assertEquals(
                "HOST_TWICE, to be answered with 400:\nGET / HTTP/1.1\nHost: h\nHost: localhost\n\n",
                BrokenRequest.of(BrokenRequest.Defect.HOST_TWICE, whole(good), 0)
                        .toString());
    }
}
