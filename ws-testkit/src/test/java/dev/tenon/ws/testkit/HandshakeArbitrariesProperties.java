package dev.tenon.ws.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.ExtensionHeader;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HeadLimits;
import dev.tenon.ws.handshake.HttpHeadParser;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.OriginPolicy;
import dev.tenon.ws.handshake.ServerHandshake;
import dev.tenon.ws.handshake.UpgradeRequest;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

class HandshakeArbitrariesProperties {
    private static final ServerHandshake SERVER =
            new ServerHandshake(Extensions.none(), List.of(), OriginPolicy.sameOrigin());

    @Property
    @StatisticsReport(onFailureOnly = true)
    void everyRequestIsReadAndFoundGood(@ForAll HttpRequest request) {
        assertEquals(request, HttpHeadParser.forRequests(HeadLimits.DEFAULT).parse(request.encode()));
        UpgradeRequest upgrade = SERVER.check(request, false, null);
        Statistics.collect(
                !upgrade.subprotocols().isEmpty(), !upgrade.extensions().isEmpty());
        Statistics.coverage(seen -> {
            for (boolean subprotocols : List.of(true, false)) {
                seen.check(subprotocols, true).count(times -> times > 5);
                seen.check(subprotocols, false).count(times -> times > 5);
            }
        });
    }

    @Property
    void everyResponseIsReadAndHasTheFieldsOfAServersResponse(@ForAll OpeningHandshake opening) {
        HttpResponse response = opening.response();
        assertEquals(response, HttpHeadParser.forResponses(HeadLimits.DEFAULT).parse(response.encode()));
        UpgradeRequest upgrade = SERVER.check(opening.request(), false, null);
        HttpResponse ours = SERVER.accept(upgrade).response();
        assertEquals(
                ours.headers().all("Sec-WebSocket-Accept"), response.headers().all("Sec-WebSocket-Accept"));
        assertTrue(response.headers().hasToken("Upgrade", "websocket"));
        assertTrue(response.headers().hasToken("Connection", "upgrade"));
        assertTrue(upgrade.subprotocols().containsAll(response.headers().all("Sec-WebSocket-Protocol")));
        assertEquals(0, response.headers().count("Sec-WebSocket-Extensions"));
    }

    @Property
    void everyExtensionOfferIsReadAsItIsWritten(@ForAll List<ExtensionOffer> offers) {
        if (!offers.isEmpty()) {
            assertEquals(offers, ExtensionHeader.parse(List.of(ExtensionHeader.format(offers))));
        }
    }

    @Property(tries = 100)
    void responsesWithoutARequestAreReadToo(@ForAll HttpResponse response) {
        assertEquals(101, response.status());
    }
}
