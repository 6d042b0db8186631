package dev.tenon.ws.extension;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The order of extensions that work on frames, on messages, or on both. */
class ExtensionOrderTest {
    private record Provider(String name, boolean fragmentable, boolean reframes)
            implements ExtensionProvider, NegotiatedExtension {
        @Override
        public List<ExtensionOffer> offers() {
            return List.of(agreed());
        }

        @Override
        public NegotiatedExtension accept(ExtensionOffer offer) {
            return this;
        }

        @Override
        public NegotiatedExtension confirm(ExtensionOffer response) {
            return this;
        }

        @Override
        public ExtensionOffer agreed() {
            return ExtensionOffer.of(name);
        }

        @Override
        public int rsv() {
            return 0;
        }

        @Override
        public Extension open(ExtensionContext context) {
            throw new UnsupportedOperationException();
        }
    }

    private final List<String> declined = new ArrayList<>();
    private final Extensions ends = Extensions.of(
                    new Provider("checksum", false, false),
                    new Provider("sign", false, false),
                    new Provider("deflate", true, true),
                    new Provider("rot13", true, false),
                    new Provider("pad", false, true),
                    new Provider("chop", false, true))
            .withDeclineListener((offer, reason) -> declined.add(offer + ": " + reason));

    private String response(String offers) {
        return ExtensionHeader.format(ends.accept(ExtensionHeader.parse(List.of(offers))).stream()
                .map(NegotiatedExtension::agreed)
                .toList());
    }

    @Test
    void extensionsThatMakeNewFramesPrecedeThoseThatKeepThem() {
        assertEquals("deflate, checksum", response("checksum, deflate"));
        assertEquals("deflate, checksum", response("deflate, checksum"));
        assertEquals("deflate, checksum, sign", response("checksum, sign, deflate"));
        assertEquals("rot13, deflate, checksum", response("rot13, checksum, deflate"));
        assertEquals("pad, checksum", response("checksum, pad"));
        assertEquals("deflate, pad", response("pad, deflate"));
    }

    @Test
    void otherwiseTheClientsOrderIsKept() {
        assertEquals("sign, rot13, checksum", response("sign, rot13, checksum"));
        assertEquals("rot13, deflate", response("rot13, deflate"));
        assertEquals("deflate, rot13", response("deflate, rot13"));
    }

    @Test
    void whereNoOrderWillDoTheLaterOneIsDeclined() {
        assertEquals("pad", response("pad, chop"));
        assertEquals(
                List.of("chop: in conflict: chop and pad: each makes other frames, and neither's may be made anew"),
                declined);
    }

    /** A client confirms every response of a server. */
    @Test
    void aClientAcceptsEveryOrderThatAServerCanChoose() {
        for (String offers : List.of("checksum, deflate", "rot13, checksum, deflate", "checksum, pad")) {
            assertEquals(
                    response(offers),
                    ExtensionHeader.format(ends.confirm(ExtensionHeader.parse(List.of(response(offers)))).stream()
                            .map(NegotiatedExtension::agreed)
                            .toList()));
        }
        assertThrows(ExtensionException.class, () -> ends.confirm(ExtensionHeader.parse(List.of("checksum, deflate"))));
    }
}
