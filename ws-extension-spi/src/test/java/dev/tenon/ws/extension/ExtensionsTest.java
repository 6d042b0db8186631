package dev.tenon.ws.extension;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.ExtensionOffer.Parameter;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Opcode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ExtensionsTest {
    /** Accepts elements without the parameter {@code no}. */
    private record Provider(String name, int rsv, Set<Opcode> opcodes) implements ExtensionProvider {
        @Override
        public List<ExtensionOffer> offers() {
            return List.of(ExtensionOffer.of(name));
        }

        @Override
        public NegotiatedExtension accept(ExtensionOffer offer) {
            if (offer.parameters().contains(Parameter.flag("no"))) {
                throw new ExtensionException("the parameter says no");
            }
            return new Negotiated(offer, rsv, opcodes);
        }

        @Override
        public NegotiatedExtension confirm(ExtensionOffer response) {
            return accept(response);
        }
    }

    private record Negotiated(ExtensionOffer agreed, int rsv, Set<Opcode> opcodes) implements NegotiatedExtension {
        @Override
        public Extension open(ExtensionContext context) {
            throw new UnsupportedOperationException();
        }
    }

    private static final Provider A = new Provider("a", FirstByte.RSV1, Set.of());
    private static final Provider B = new Provider("b", FirstByte.RSV1 | FirstByte.RSV2, Set.of());
    private static final Provider C = new Provider("c", FirstByte.RSV3, Set.of(Opcode.RESERVED_3));
    private static final Provider D = new Provider("d", 0, Set.of(Opcode.RESERVED_3, Opcode.RESERVED_B));

    private final Extensions all = Extensions.of(A, B, C, D);

    private String response(String offers) {
        return written(all.accept(ExtensionHeader.parse(List.of(offers))));
    }

    private String confirm(String response) {
        return written(all.confirm(ExtensionHeader.parse(List.of(response))));
    }

    private static String written(List<NegotiatedExtension> agreed) {
        return ExtensionHeader.format(
                agreed.stream().map(NegotiatedExtension::agreed).toList());
    }

    @Test
    void offersHaveTheOrderOfTheProviders() {
        assertEquals("a, b, c, d", ExtensionHeader.format(all.offers()));
        assertTrue(Extensions.none().offers().isEmpty());
    }

    @Test
    void theResponseKeepsTheClientsOrder() {
        assertEquals("c, a", response("c, a"));
        assertEquals("a, c", response("a, c"));
    }

    @Test
    void ofSeveralOffersOfOneExtensionTheFirstThatIsAcceptedCounts() {
        assertEquals("a; x", response("a; no, a; x, a"));
    }

    @Test
    void anUnknownExtensionIsDeclined() {
        assertEquals("a", response("z, a"));
        assertEquals("", response("z"));
    }

    @Test
    void theFirstKeepsAnRsvBitAndTheLaterOneIsDeclined() {
        assertEquals("a", response("a, b"));
        assertEquals("b", response("b, a"));
    }

    @Test
    void theFirstKeepsAnOpcodeAndTheLaterOneIsDeclined() {
        assertEquals("c", response("c, d"));
        assertEquals("d", response("d, c"));
    }

    @Test
    void aDeclinedOfferIsReportedWithTheReason() {
        List<String> declined = new ArrayList<>();
        all.withDeclineListener((offer, reason) -> declined.add(offer + ": " + reason))
                .accept(ExtensionHeader.parse(List.of("z; x=1, a; no, a, a; x, b, d")));
        assertEquals(
                List.of(
                        "z; x=1: no provider of this extension",
                        "a; no: the parameter says no",
                        "b: in conflict: b and a, which use the same RSV bit or opcode"),
                declined);
    }

    @Test
    void aClientConfirmsWhatItOffered() {
        assertEquals("c, a", confirm("c, a"));
        assertEquals(List.of(), all.confirm(List.of()));
    }

    @Test
    void aClientRefusesExtensionsThatItDidNotOfferOrThatConflict() {
        for (String bad : List.of("z", "a, a", "a, b", "c, d", "a; no")) {
            assertThrows(ExtensionException.class, () -> confirm(bad), bad);
        }
        ExtensionOffer a = ExtensionOffer.of("a");
        assertThrows(ExtensionException.class, () -> Extensions.none().confirm(List.of(a)));
    }

    @Test
    void twoProvidersOfOneNameAreRefusedByBothTheirClasses() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Extensions.of(A, A));
        assertTrue(String.valueOf(e.getMessage()).contains(Provider.class.getName()));
    }

    @Test
    void withoutProvidersNothingIsFound() {
        assertTrue(Extensions.load().offers().isEmpty());
    }

    /** A fault of a provider is reported with its name, but never to the peer. */
    @Test
    void aProviderThatClaimsAnUnavailableBitOrOpcodeIsReported() {
        for (Provider wrong : List.of(
                new Provider("w", 8, Set.of()),
                new Provider("w", 0, Set.of(Opcode.TEXT)),
                new Provider("w", -1, Set.of()))) {
            Extensions extensions = Extensions.of(wrong);
            IllegalStateException e =
                    assertThrows(IllegalStateException.class, () -> extensions.accept(wrong.offers()));
            assertTrue(String.valueOf(e.getMessage()).contains("w"));
        }
    }

    @Test
    void aProviderThatAgreesToAnotherExtensionIsReported() {
        ExtensionProvider wrongConfirmer = new ExtensionProvider() {
            @Override
            public String name() {
                return "liar";
            }

            @Override
            public List<ExtensionOffer> offers() {
                return List.of(ExtensionOffer.of("liar"));
            }

            @Override
            public NegotiatedExtension accept(ExtensionOffer offer) {
                return A.accept(ExtensionOffer.of("a"));
            }

            @Override
            public NegotiatedExtension confirm(ExtensionOffer response) {
                return A.confirm(ExtensionOffer.of("a"));
            }
        };
        Extensions extensions = Extensions.of(wrongConfirmer);
        for (Executable negotiation : List.<Executable>of(
                () -> extensions.accept(wrongConfirmer.offers()), () -> extensions.confirm(wrongConfirmer.offers()))) {
            IllegalStateException e = assertThrows(IllegalStateException.class, negotiation);
            assertEquals("the provider of the extension liar agreed to another one: a", e.getMessage());
        }
    }
}
