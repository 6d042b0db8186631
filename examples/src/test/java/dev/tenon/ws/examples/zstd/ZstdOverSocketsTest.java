package dev.tenon.ws.examples.zstd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.Message;
import dev.tenon.ws.connection.PreparedMessage;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.server.WebSocketServer;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The extension between a server and a client over sockets; in one case ServiceLoader finds the server's extension. */
@Timeout(120)
class ZstdOverSocketsTest {
    private static final String LINE =
            "{\"type\":\"ticker\",\"product\":\"BTC-EUR\",\"bid\":27430.55,\"ask\":27431.05}";

    private static final class Echo implements WebSocketListener {
        @Override
        public void onText(WebSocket webSocket, String text) {
            webSocket.send(text.startsWith("shared") ? PreparedMessage.text(text) : Message.text(text));
        }
    }

    private static final class Received implements WebSocketListener {
        final BlockingQueue<String> texts = new LinkedBlockingQueue<>();

        @Override
        public void onText(WebSocket webSocket, String text) {
            texts.add(text);
        }
    }

    private static List<String> messages() {
        List<String> messages = new ArrayList<>(List.of("", "a", LINE, LINE, "shared " + LINE, LINE));
        messages.add(LINE.repeat(5000));
        messages.add(LINE);
        return messages;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void messagesComeBackSmallerAndNothingNativeIsLeft(boolean takeover) throws Exception {
        byte[] dictionary = LINE.getBytes(UTF_8);
        try (PermessageZstd provider = new PermessageZstd(dictionary, takeover)) {
            exchange(Extensions.of(provider), Extensions.of(provider));
            assertEquals(0, provider.openContexts());
        }
    }

    @Test
    void aServerThatLooksForServicesFindsIt() throws Exception {
        try (PermessageZstd provider = new PermessageZstd()) {
            exchange(Extensions.load(), Extensions.of(provider));
            assertEquals(0, provider.openContexts());
        }
    }

    private static void exchange(Extensions serversOwn, Extensions clientsOwn) throws Exception {
        try (WebSocketServer server = WebSocketServer.builder()
                        .listen(new InetSocketAddress("127.0.0.1", 0))
                        .extensions(serversOwn)
                        .route("/", upgrade -> upgrade.accept(new Echo()))
                        .start();
                WebSocketClient client =
                        WebSocketClient.builder().extensions(clientsOwn).build()) {
            Received received = new Received();
            WebSocket webSocket = client.connect("ws://127.0.0.1:" + server.port() + "/", received)
                    .get(60, TimeUnit.SECONDS);
            assertEquals("x-permessage-zstd", webSocket.extensions().get(0).name());
            for (String message : messages()) {
                webSocket.sendText(message);
            }
            for (String message : messages()) {
                assertEquals(message, received.texts.poll(60, TimeUnit.SECONDS));
            }
            long sent = messages().stream().mapToLong(String::length).sum();
            assertTrue(
                    webSocket.counters().bytesSent() < sent / 20,
                    webSocket.counters().toString());
            webSocket.close();
            CloseEvent end = webSocket.whenClosed().toCompletableFuture().get(60, TimeUnit.SECONDS);
            assertEquals(1000, end.code().value());
        }
    }
}
