package dev.tenon.ws.client;

import static dev.tenon.ws.client.Chat.greeted;
import static dev.tenon.ws.client.Peer.greet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.CookieManager;
import java.net.ProxySelector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** URIs in the form that browsers accept, in requests, cookie handlers and proxy selectors. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UriTest {
    @ParameterizedTest
    @CsvSource({
        "/feed?symbols=AAPL|MSFT, /chat/feed?symbols=AAPL%7CMSFT",
        "'?filter={\"a\":1}', /chat?filter=%7B%22a%22:1%7D",
        "/a b?q=ABC%s0A&r=50%, /chat/a%20b?q=ABC%s0A&r=50%",
        "/caf\u00E9?a[]=1, /chat/caf%C3%A9?a[]=1"
    })
    void unencodedCharactersAreEncoded(String rest, String target) throws Exception {
        Peer[] peer = new Peer[1];
        peer[0] = Peer.start(socket -> greet(socket, peer[0].head(socket), ""));
        try (Peer server = peer[0];
                WebSocketClient client = WebSocketClient.builder()
                        .proxy(ProxySelector.of(null))
                        .cookies(new CookieManager())
                        .build()) {
            greeted(client, server.uri() + rest).close();
            greeted(client, server.uri().replace("ws://", "HTTP://") + rest).close();
            for (String head : server.heads) {
                assertTrue(head.startsWith("GET " + target + " HTTP/1.1\r\n"), head);
            }
            assertEquals(2, server.heads.size());
        }
    }

    @Test
    void aHostOfAnotherOwnerIsRefusedBeforeAnythingIsSent() {
        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class, () -> ConnectRequest.to("wss://fa\u00DF.de/?token=secret"));
        assertTrue(String.valueOf(refusal.getMessage()).contains("IDNA"), refusal::getMessage);
        assertTrue(!String.valueOf(refusal.getMessage()).contains("secret"), refusal::getMessage);
    }
}
