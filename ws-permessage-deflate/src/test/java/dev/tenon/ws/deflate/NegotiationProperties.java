package dev.tenon.ws.deflate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.deflate.NegotiatedDeflate.Direction;
import dev.tenon.ws.extension.ExtensionException;
import dev.tenon.ws.extension.ExtensionHeader;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.ExtensionOffer.Parameter;
import dev.tenon.ws.extension.Extensions;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class NegotiationProperties {
    @Provide
    Arbitrary<DeflateOptions> options() {
        return CompressionProperties.options();
    }

    /** Elements, some valid, and some that break one of the rules. */
    @Provide
    Arbitrary<ExtensionOffer> elements() {
        Arbitrary<String> names = Arbitraries.of(
                "server_no_context_takeover",
                "client_no_context_takeover",
                "server_max_window_bits",
                "client_max_window_bits",
                "client_max_window_bits",
                "Server_Max_Window_Bits",
                "x");
        Arbitrary<String> values = Arbitraries.of("8", "9", "12", "15", "7", "16", "08", "0", "-1", "1e1", "x", "+9")
                .injectNull(0.5);
        return Combinators.combine(names, values)
                .as(Parameter::new)
                .list()
                .ofMaxSize(4)
                .map(parameters -> new ExtensionOffer("permessage-deflate", parameters));
    }

    @Property
    void twoEndsAlwaysAgreeAndSeeTheSameDirections(
            @ForAll("options") DeflateOptions clientOptions, @ForAll("options") DeflateOptions serverOptions) {
        try (Endpoint.Pair pair = Endpoint.connect(clientOptions, serverOptions)) {
            NegotiatedDeflate client = (NegotiatedDeflate) pair.client().negotiated;
            NegotiatedDeflate server = (NegotiatedDeflate) pair.server().negotiated;
            assertFits(client.outbound(), server.inbound());
            assertFits(server.outbound(), client.inbound());
            assertTrue(
                    !server.inbound().takeover() || server.inbound().windowBits() <= serverOptions.inboundWindowBits());
            assertTrue(!client.inbound().takeover()
                    || !clientOptions.serverWindowRequested()
                    || client.inbound().windowBits() <= clientOptions.inboundWindowBits());
            assertTrue(!server.inbound().takeover() || serverOptions.inboundTakeover());
            assertTrue(!client.inbound().takeover() || clientOptions.inboundTakeover());
        }
    }

    private static void assertFits(Direction sender, Direction receiver) {
        assertTrue(sender.windowBits() <= receiver.windowBits());
        assertTrue(!sender.takeover() || receiver.takeover());
    }

    private static Optional<DeflateParameters> parsed(Supplier<DeflateParameters> parsing) {
        try {
            return Optional.of(parsing.get());
        } catch (ExtensionException refused) {
            return Optional.empty();
        }
    }

    @Property(tries = 2000)
    void aServerAcceptsOnlyWhatFitsTheOffer(
            @ForAll("options") DeflateOptions options, @ForAll("elements") ExtensionOffer element) {
        try (PermessageDeflate provider = new PermessageDeflate(options)) {
            Optional<DeflateParameters> offer = parsed(() -> DeflateParameters.parse(element));
            if (offer.isEmpty()) {
                assertThrows(ExtensionException.class, () -> provider.accept(element));
            } else {
                DeflateParameters agreed =
                        DeflateParameters.parse(provider.accept(element).agreed());
                assertTrue(agreed.answers(offer.get()));
                assertTrue(!agreed.clientNoContextTakeover()
                        || offer.get().clientNoContextTakeover()
                        || !options.inboundTakeover());
                assertTrue(agreed.serverMaxWindowBits() == DeflateParameters.ABSENT
                        || offer.get().serverMaxWindowBits() != DeflateParameters.ABSENT);
                int hint = offer.get().clientMaxWindowBits();
                assertTrue(hint < 8 || agreed.clientMaxWindowBits() <= hint);
            }
        }
    }

    @Property(tries = 2000)
    void aClientConfirmsOnlyResponsesThatFitItsOffers(
            @ForAll("options") DeflateOptions options, @ForAll("elements") ExtensionOffer element) {
        try (PermessageDeflate provider = new PermessageDeflate(options)) {
            Optional<DeflateParameters> response = parsed(() -> DeflateParameters.parseResponse(element));
            boolean fits = response.isPresent()
                    && provider.offers().stream().map(DeflateParameters::parse).anyMatch(response.get()::answers);
            if (fits) {
                assertEquals(element, provider.confirm(element).agreed());
            } else {
                assertThrows(ExtensionException.class, () -> provider.confirm(element));
            }
        }
    }

    @Example
    void theFirstOfferThatCanBeAcceptedIs() {
        assertResponse(
                "permessage-deflate; server_max_window_bits=7, permessage-deflate; server_max_window_bits=10",
                "permessage-deflate; server_max_window_bits=10");
    }

    @Example
    void aQuotedValueIsAValue() {
        assertResponse(
                "permessage-deflate; server_max_window_bits=\"9\"; client_max_window_bits=\"10\"",
                "permessage-deflate; server_max_window_bits=9; client_max_window_bits=10");
    }

    /** RFC 7692 §7.1.1.2 allows it, and some other clients fail on it, so only options can cause it. */
    @Example
    void aServerThatKeepsNoContextRequestsNoTakeoverOfEveryClient() {
        var response = Extensions.of(
                        new PermessageDeflate(DeflateOptions.defaults().withTakeover(true, false)))
                .accept(ExtensionHeader.parse(List.of("permessage-deflate")));
        assertEquals(
                "permessage-deflate; client_no_context_takeover",
                response.get(0).agreed().toString());
    }

    @Example
    void aClientThatCannotBeLimitedKeepsItsWindow() {
        DeflateOptions small = DeflateOptions.defaults().withWindowBits(15, 10);
        var response = Extensions.of(new PermessageDeflate(small))
                .accept(ExtensionHeader.parse(List.of("permessage-deflate")));
        assertEquals("permessage-deflate", response.get(0).agreed().toString());
        assertEquals(new Direction(true, 15), ((NegotiatedDeflate) response.get(0)).inbound());
    }

    private static void assertResponse(String offers, String response) {
        var agreed = Extensions.of(new PermessageDeflate()).accept(ExtensionHeader.parse(List.of(offers)));
        assertEquals(response, agreed.get(0).agreed().toString());
    }
}
