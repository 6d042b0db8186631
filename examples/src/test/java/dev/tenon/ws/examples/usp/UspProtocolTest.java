package dev.tenon.ws.examples.usp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.ws.client.ConnectRequest;
import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.ExtensionHeader;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.server.WebSocketServer;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UspProtocolTest {
    private static final String AGENT = "os::012345-C25171DF1F85";
    private static final String CONTROLLER = "proto::controller";

    /** The exact header of obuspa, the Broadband Forum's own agent. */
    @Test
    void anAgentIsIdentifiedByItsHeaders() {
        List<ExtensionOffer> sent = ExtensionHeader.parse(List.of("bbf-usp-protocol; eid=\"" + AGENT + "\""));
        assertEquals(Optional.of(AGENT), UspProtocol.endpointId(sent));
        assertEquals(
                "bbf-usp-protocol; eid=\"" + CONTROLLER + "\"",
                ExtensionHeader.format(
                        List.of(new UspProtocol(CONTROLLER).accept(sent.get(0)).agreed())));
    }

    @Test
    void anEndpointIdIsVisibleAscii() {
        assertThrows(IllegalArgumentException.class, () -> new UspProtocol("two words"));
        assertThrows(IllegalArgumentException.class, () -> new UspProtocol(""));
    }

    /** ServiceLoader finds the server's provider, with the endpoint ID of a system property. */
    @Test
    void bothEndsGetTheAddressOfTheOther() throws Exception {
        System.setProperty(UspProtocol.ENDPOINT_ID, CONTROLLER);
        CompletableFuture<Optional<String>> agent = new CompletableFuture<>();
        try (WebSocketServer server = WebSocketServer.builder()
                        .listen(new InetSocketAddress("127.0.0.1", 0))
                        .route(
                                "/usp",
                                upgrade -> {
                                    agent.complete(UspProtocol.endpointId(
                                            upgrade.upgradeRequest().extensions()));
                                    return upgrade.accept(new WebSocketListener() {});
                                },
                                route -> route.subprotocols("v1.usp"))
                        .start();
                WebSocketClient client = WebSocketClient.builder()
                        .extensions(Extensions.of(new UspProtocol(AGENT)))
                        .build()) {
            String uri = "ws://127.0.0.1:" + server.port() + "/usp";
            WebSocket webSocket = client.connect(
                            ConnectRequest.to(uri).withSubprotocols("v1.usp"), new WebSocketListener() {})
                    .get(30, TimeUnit.SECONDS);
            assertEquals("v1.usp", webSocket.subprotocol());
            assertEquals(Optional.of(CONTROLLER), UspProtocol.endpointId(webSocket.extensions()));
            assertEquals(Optional.of(AGENT), agent.get(30, TimeUnit.SECONDS));
        } finally {
            System.clearProperty(UspProtocol.ENDPOINT_ID);
        }
    }
}
