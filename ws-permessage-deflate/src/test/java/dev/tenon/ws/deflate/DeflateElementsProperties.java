package dev.tenon.ws.deflate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.ws.extension.ExtensionException;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.testkit.BrokenDeflateElement;
import dev.tenon.ws.testkit.Handshakes;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

/** Negotiates the testkit's elements of permessage-deflate, valid and broken. */
class DeflateElementsProperties {
    private static final PermessageDeflate DEFLATE = new PermessageDeflate();

    @Property
    void everyGoodOfferIsAccepted(@ForAll("offers") ExtensionOffer offer) {
        ExtensionOffer agreed = DEFLATE.accept(offer).agreed();
        assertEquals("permessage-deflate", agreed.name());
    }

    @Property
    @StatisticsReport(onFailureOnly = true)
    void everyBrokenElementIsDeclinedByServersAndRefusedByClients(@ForAll BrokenDeflateElement broken) {
        assertThrows(ExtensionException.class, () -> DEFLATE.accept(broken.element()), broken::toString);
        assertThrows(ExtensionException.class, () -> DEFLATE.confirm(broken.element()), broken::toString);
        Statistics.collect(broken.defect());
        Statistics.coverage(seen -> {
            for (BrokenDeflateElement.Defect defect : BrokenDeflateElement.Defect.values()) {
                seen.check(defect).count(times -> times > 0);
            }
        });
    }

    @Provide
    Arbitrary<ExtensionOffer> offers() {
        return Handshakes.deflateOffers();
    }
}
