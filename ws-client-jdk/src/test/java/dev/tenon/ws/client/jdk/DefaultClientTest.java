package dev.tenon.ws.client.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.handshake.HttpRequest;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The client with the JDK's limits obeys the contract too. */
class DefaultClientTest extends WebSocketContract {
    @Override
    WebSocket.Builder builder() {
        return JdkWebSockets.newWebSocketBuilder();
    }

    @Test
    void itOffersNoCompressionAndNamesItself() throws Exception {
        CompletableFuture<HttpRequest> received = new CompletableFuture<>();
        try (Peer peer = new Peer(script -> received.complete(script.request()))) {
            CompletableFuture<?> unused = builder().buildAsync(peer.uri(), RecordingListener.everything());
            HttpRequest request = received.get(20, TimeUnit.SECONDS);
            assertEquals(0, request.headers().count("Sec-WebSocket-Extensions"));
            assertTrue(String.valueOf(request.headers().first("User-Agent")).startsWith("Tenon"));
        }
    }

    /** The JDK's client does this, and RFC 6455 §4.1 forbids it, so it is not Tenon's default. */
    @Test
    void connectsToOneServerDoNotWaitForEachOther() throws Exception {
        List<CompletableFuture<WebSocket>> building = new ArrayList<>();
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            server.setSoTimeout(20_000);
            URI uri = URI.create("ws://127.0.0.1:" + server.getLocalPort() + "/");
            for (int i = 0; i < 3; i++) {
                building.add(builder().buildAsync(uri, RecordingListener.everything()));
            }
            for (int i = 0; i < 3; i++) { // none of them gets a response
                server.accept();
            }
            building.forEach(each -> each.cancel(false));
        }
    }

    /** A connect without a timeout may hang for ever, and holds up nobody else. */
    @Test
    void connectsOfOtherClientsDoNotWaitForItsConnectsNorTheReverse() throws Exception {
        List<CompletableFuture<?>> connecting = new ArrayList<>();
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
                WebSocketClient other = WebSocketClient.create()) {
            server.setSoTimeout(20_000);
            String uri = "ws://127.0.0.1:" + server.getLocalPort() + "/";
            connecting.add(builder().buildAsync(URI.create(uri), RecordingListener.everything()));
            server.accept();
            connecting.add(other.connect(uri, new WebSocketListener() {}));
            server.accept();
            connecting.add(other.connect(uri, new WebSocketListener() {})); // waits for its turn
            connecting.add(builder().buildAsync(URI.create(uri), RecordingListener.everything()));
            server.accept();
            connecting.forEach(each -> each.cancel(false));
        }
    }
}
