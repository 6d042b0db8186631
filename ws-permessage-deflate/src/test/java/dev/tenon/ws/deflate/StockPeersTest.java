package dev.tenon.ws.deflate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.deflate.NegotiatedDeflate.Direction;
import dev.tenon.ws.extension.ExtensionException;
import dev.tenon.ws.extension.ExtensionHeader;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.frame.Role;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The default offers and responses of other implementations, with Tenon's defaults. */
class StockPeersTest {
    private static final String BARE = "permessage-deflate";
    private static final String LIMITED = "permessage-deflate; client_max_window_bits=12";
    private static final String NONE = "";

    private final PermessageDeflate provider = new PermessageDeflate();
    private final Extensions extensions = Extensions.of(provider);

    /** Each client, its {@code Sec-WebSocket-Extensions}, and the response. */
    static Stream<Arguments> clients() {
        return Stream.of(
                Arguments.of("Chrome, Edge, Safari from 16", "permessage-deflate; client_max_window_bits", LIMITED),
                Arguments.of("Firefox; Safari 15; curl has none", "permessage-deflate", BARE),
                Arguments.of("Safari up to 14", "x-webkit-deflate-frame", NONE),
                Arguments.of(
                        "Chrome 31", "permessage-deflate; client_max_window_bits, x-webkit-deflate-frame", LIMITED),
                Arguments.of("Chrome 30", "permessage-deflate; c2s_max_window_bits, x-webkit-deflate-frame", NONE),
                Arguments.of("Netty from 4.1.120", "permessage-deflate,deflate-frame,x-webkit-deflate-frame", BARE),
                Arguments.of(
                        "Netty with jzlib",
                        "permessage-deflate;client_max_window_bits,deflate-frame,x-webkit-deflate-frame",
                        LIMITED),
                Arguments.of("Reactor Netty, Vert.x", "permessage-deflate", BARE),
                Arguments.of("Jetty", "permessage-deflate", BARE),
                Arguments.of(
                        "Java-WebSocket 1.6",
                        "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
                        "permessage-deflate; server_no_context_takeover; client_no_context_takeover"),
                Arguments.of("OkHttp", "permessage-deflate", BARE),
                Arguments.of("Tyrus, Tomcat", "permessage-deflate", BARE),
                Arguments.of("Node ws, undici, Bun", "permessage-deflate; client_max_window_bits", LIMITED),
                Arguments.of("python websockets", "permessage-deflate; client_max_window_bits", LIMITED),
                Arguments.of("aiohttp", "permessage-deflate; client_max_window_bits", LIMITED),
                Arguments.of(
                        "gorilla",
                        "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
                        "permessage-deflate; server_no_context_takeover; client_no_context_takeover"),
                Arguments.of(
                        "coder/websocket",
                        "permessage-deflate; client_no_context_takeover; server_no_context_takeover",
                        "permessage-deflate; server_no_context_takeover; client_no_context_takeover"),
                Arguments.of(".NET", "permessage-deflate; client_max_window_bits", LIMITED),
                Arguments.of(
                        ".NET with smaller windows",
                        "permessage-deflate; client_max_window_bits=9; server_max_window_bits=10",
                        "permessage-deflate; server_max_window_bits=10; client_max_window_bits=9"),
                Arguments.of(
                        "Boost.Beast, IXWebSocket",
                        "permessage-deflate; server_max_window_bits=15; client_max_window_bits=15",
                        "permessage-deflate; server_max_window_bits=15; client_max_window_bits=12"),
                Arguments.of(
                        "libwebsockets",
                        "permessage-deflate; client_no_context_takeover; client_max_window_bits",
                        "permessage-deflate; client_no_context_takeover; client_max_window_bits=12"),
                Arguments.of(
                        "websocket-sharp",
                        "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
                        "permessage-deflate; server_no_context_takeover; client_no_context_takeover"),
                Arguments.of(
                        "RFC 7692 §7.1.3",
                        "permessage-deflate; client_max_window_bits; server_max_window_bits=10, "
                                + "permessage-deflate; client_max_window_bits",
                        "permessage-deflate; server_max_window_bits=10; client_max_window_bits=12"),
                Arguments.of(
                        "quoted",
                        "permessage-deflate; client_max_window_bits=\"10\"",
                        "permessage-deflate; client_max_window_bits=10"),
                Arguments.of("the same offer twice", "permessage-deflate, permessage-deflate", BARE),
                Arguments.of(
                        "a broken element, then a good one",
                        "permessage-deflate; client_max_window_bits; client_max_window_bits, permessage-deflate",
                        BARE),
                // A peer that compares names with case might not recognize a response in another case.
                Arguments.of("upper case", "PERMESSAGE-DEFLATE", NONE),
                Arguments.of("upper case in a parameter", "permessage-deflate; Client_No_Context_Takeover", NONE),
                Arguments.of("an empty header", "", NONE));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("clients")
    void aStockClientIsAnsweredOnlyWhatItHasOffered(String client, String offers, String response) {
        List<NegotiatedExtension> agreed = extensions.accept(ExtensionHeader.parse(List.of(offers)));
        assertEquals(
                response,
                ExtensionHeader.format(
                        agreed.stream().map(NegotiatedExtension::agreed).toList()));
    }

    /** Each server, its {@code Sec-WebSocket-Extensions}, and the resulting parameters of the client. */
    static Stream<Arguments> servers() {
        Direction full = new Direction(true, 15);
        return Stream.of(
                Arguments.of("Netty, Vert.x, Jetty, Undertow, aiohttp, Tornado", BARE, full, full),
                Arguments.of("Node ws, Boost.Beast, libwebsockets", "permessage-deflate", full, full),
                Arguments.of("Tomcat", "permessage-deflate;client_max_window_bits=15", full, full),
                Arguments.of(
                        "Java-WebSocket 1.6",
                        "permessage-deflate; server_no_context_takeover",
                        full,
                        new Direction(false, 15)),
                Arguments.of(
                        "python websockets",
                        "permessage-deflate; server_max_window_bits=12; client_max_window_bits=12",
                        new Direction(true, 12),
                        new Direction(true, 12)),
                Arguments.of(
                        "gorilla",
                        "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
                        new Direction(false, 15),
                        new Direction(false, 15)),
                Arguments.of(
                        "uWebSockets, Bun",
                        "permessage-deflate; client_no_context_takeover; server_no_context_takeover",
                        new Direction(false, 15),
                        new Direction(false, 15)),
                Arguments.of("Dart", "permessage-deflate; client_max_window_bits=15", full, full),
                Arguments.of(
                        "Boost.Beast with its windows named",
                        "permessage-deflate; server_max_window_bits=15; client_max_window_bits=15",
                        full,
                        full),
                Arguments.of(
                        "quoted", "permessage-deflate; client_max_window_bits=\"9\"", new Direction(true, 9), full),
                Arguments.of(
                        "upper case", "Permessage-Deflate; Server_No_Context_Takeover", full, new Direction(false, 15)),
                Arguments.of("a list with an empty element", ", permessage-deflate", full, full));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("servers")
    void theResponseOfAServerWithDefaultsIsAccepted(
            String server, String response, Direction outbound, Direction inbound) {
        NegotiatedDeflate agreed = (NegotiatedDeflate)
                extensions.confirm(ExtensionHeader.parse(List.of(response))).get(0);
        assertEquals(outbound, agreed.outbound());
        assertEquals(inbound, agreed.inbound());
        roundTrip(agreed);
    }

    private void roundTrip(NegotiatedDeflate agreed) {
        Random random = new Random(1);
        byte[] message = Payloads.text(1000, random);
        try (Endpoint client = new Endpoint(provider, agreed, Role.CLIENT, Endpoint.BUDGET);
                Endpoint server = new Endpoint(provider, mirrored(agreed), Role.SERVER, Endpoint.BUDGET)) {
            for (int i = 0; i < 3; i++) {
                client.send(message, 1, random);
                assertTrue(client.sent.pieces.get(0).firstByte().rsv1(), "compresses");
                server.receiveFrom(client, random);
                assertArrayEquals(message, server.received.messages.get(i).payload());
            }
        }
    }

    private static NegotiatedDeflate mirrored(NegotiatedDeflate agreed) {
        Direction serversOutbound = agreed.inbound();
        Direction serversInbound = agreed.outbound();
        return new NegotiatedDeflate(agreed.agreed(), agreed.options(), agreed.pool(), serversOutbound, serversInbound);
    }

    /** Responses that RFC 7692 forbids: a client that accepted one would read or send garbage. */
    static Stream<String> forbidden() {
        return Stream.of(
                "permessage-deflate; client_max_window_bits",
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; server_max_window_bits=16",
                "permessage-deflate; client_max_window_bits=08",
                "permessage-deflate; server_no_context_takeover=1",
                "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
                "permessage-deflate; x-unknown",
                "permessage-deflate, permessage-deflate",
                "x-webkit-deflate-frame",
                "deflate-frame");
    }

    @ParameterizedTest
    @MethodSource("forbidden")
    void aForbiddenResponseFailsTheHandshake(String response) {
        assertThrows(ExtensionException.class, () -> extensions.confirm(ExtensionHeader.parse(List.of(response))));
    }

    @Test
    void aClientWithDefaultsOffersWhatBrowsersOfferAndThenAFallback() {
        assertEquals(
                "permessage-deflate; client_max_window_bits, permessage-deflate",
                ExtensionHeader.format(extensions.offers()));
    }
}
