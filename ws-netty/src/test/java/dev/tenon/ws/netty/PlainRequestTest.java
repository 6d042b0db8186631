package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.server.HostedRoutesBuilder;
import dev.tenon.ws.server.HttpHandler;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bodies of plain requests of HTTP/1.1, and the limit of their route. */
class PlainRequestTest extends BadPeerContract {
    private static final String EXPECT = "Expect: 100-continue\r\n";

    private final CompletableFuture<HttpResponse> slow = new CompletableFuture<>();
    private Http1Peer peer;

    @Override
    void addRoutes(HostedRoutesBuilder routes) {
        HttpHandler length =
                request -> HttpResponse.text(200, String.valueOf(request.body().remaining()));
        routes.post("/length", length)
                .handle("POST", "/small", length, route -> route.maxBody(10))
                .get("/plain", length)
                .get("/slow", HttpHandler.async(request -> slow));
    }

    @BeforeEach
    void connect() throws Exception {
        peer = new Http1Peer(server.port());
    }

    @AfterEach
    void leave() throws Exception {
        peer.close();
    }

    private static String head(String start, String fields) {
        return start + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + fields + "\r\n";
    }

    private List<String> expect(String status) throws IOException {
        List<String> head = peer.head();
        assertTrue(head.get(0).startsWith("HTTP/1.1 " + status), () -> "told " + head);
        return head;
    }

    @ParameterizedTest
    @CsvSource({
        "POST /small, 100",
        "GET /plain, 5",
        "POST /nowhere, 5",
        "POST /length, 3000000",
        "POST /length, 300000000000"
    })
    void aBodyThatIsTooLongIsRefusedBeforeItIsRead(String start, String length) throws Exception {
        peer.send(head(start, EXPECT + "Content-Length: " + length + "\r\n"));
        assertTrue(expect("413").contains("connection: close"));
    }

    @ParameterizedTest
    @CsvSource({"GET /plain", "POST /nowhere"})
    void aClientIsNotAskedForABodyThatNoRouteTakes(String start) throws Exception {
        peer.send(head(start, EXPECT + "Transfer-Encoding: chunked\r\n"));
        expect("413");
    }

    @Test
    void aBodyWithoutLengthIsRefusedWhenItIsTooLong() throws Exception {
        peer.send(head("POST /small", "Transfer-Encoding: chunked\r\n") + "8\r\n12345678\r\n");
        peer.send("4\r\n1234\r\n");
        assertTrue(expect("413").contains("connection: close"));
        peer.send("4\r\n1234\r\n0\r\n\r\n"); // is read, so that no reset destroys the response
        peer.rest();
    }

    @Test
    void aBodyInPiecesReachesItsHandler() throws Exception {
        peer.send(head("POST /small", EXPECT + "Transfer-Encoding: chunked\r\n"));
        expect("100");
        peer.send("5\r\n12345\r\n");
        peer.send("5\r\n12345\r\n0\r\n\r\n");
        expect("200");
        assertEquals("10", peer.text(2));
    }

    @Test
    void aClientIsAskedForItsBodyAfterTheResponseToItsEarlierRequest() throws Exception {
        peer.send(head("GET /slow", "") + head("POST /length", EXPECT + "Content-Length: 1\r\n"));
        slow.complete(HttpResponse.text(200, "slow"));
        expect("200");
        assertEquals("slow", peer.text(4));
        expect("100");
        peer.send("x");
        expect("200");
    }

    @Test
    void aMalformedChunkIsAnswered() throws Exception {
        peer.send(head("POST /length", "Transfer-Encoding: chunked\r\n") + "xyz\r\n");
        expect("400");
    }

    @Test
    void aMalformedRequestIsAnsweredInItsOrder() throws Exception {
        peer.send(head("GET /slow", "") + "nonsense\r\n\r\n");
        try (Http1Peer other = new Http1Peer(server.port())) { // the server has read all bytes before this one
            other.send(head("POST /length", "Content-Length: 1\r\n") + "x");
            assertTrue(other.head().get(0).contains("200"));
        }
        slow.complete(HttpResponse.text(200, "slow"));
        expect("200");
        assertEquals("slow", peer.text(4));
        expect("400");
    }
}
