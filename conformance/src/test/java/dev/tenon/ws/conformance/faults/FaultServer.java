package dev.tenon.ws.conformance.faults;

import dev.tenon.keys.TestKey;
import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.Message;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.server.HttpHandler;
import dev.tenon.ws.server.ServerTls;
import dev.tenon.ws.server.WebSocketServer;
import dev.tenon.ws.topics.SlowSubscriber;
import dev.tenon.ws.topics.Topic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.JMException;

/**
 * A server for a process of its own: it echoes, plain and over TLS, and serves a page with its figures. It prints its
 * two ports, and ends when its standard input ends.
 */
final class FaultServer {
    private static final AtomicInteger OPEN = new AtomicInteger();
    /** A limit larger than what the publisher has in flight, and small enough that slow readers miss messages. */
    private static final ConnectionOptions BROADCAST_OPTIONS = ConnectionOptions.DEFAULT
            .withOutbound(64 << 10, 256 << 10)
            .withCloseTimeout(Duration.ofSeconds(2))
            .withDrainTimeout(Duration.ofSeconds(2));

    private static final Topic BROADCAST = Topic.of(SlowSubscriber.SKIP);

    private FaultServer() {}

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        TestKey key = new TestKey(file, KeyStore.getInstance(file.toFile(), TestKey.PASSWORD.toCharArray()));
        InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (WebSocketServer server = WebSocketServer.builder()
                .listen(anywhere)
                .listen(anywhere, ServerTls.of(key.trusting(key)))
                .loops(2)
                .options(ConnectionOptions.DEFAULT
                        .withOutbound(1 << 20, 8 << 20)
                        .withCloseTimeout(Duration.ofSeconds(2))
                        .withDrainTimeout(Duration.ofSeconds(2))
                        .withKeepalive(Duration.ofSeconds(2), Duration.ofSeconds(20)))
                .route("/ws", upgrade -> upgrade.accept(new Echo()))
                .route(
                        "/broadcast",
                        upgrade -> upgrade.accept(new BroadcastListener()),
                        route -> route.options(BROADCAST_OPTIONS))
                .http(HttpHandler.async(request -> figures()))
                .start()) {
            System.out.println(server.port() + " "
                    + ((InetSocketAddress) server.addresses().get(1)).getPort());
            while (System.in.read() >= 0) {
                // the test closes it
            }
        }
    }

    private static CompletableFuture<HttpResponse> figures() {
        CompletableFuture<HttpResponse> response = new CompletableFuture<>();
        new Thread(() -> {
                    try {
                        Figures now = Figures.read();
                        response.complete(HttpResponse.text(
                                200,
                                OPEN.get() + " " + now.heap() + " " + now.direct() + " " + now.natives() + " "
                                        + now.threads() + " " + now.descriptors()));
                    } catch (IOException | JMException | RuntimeException e) {
                        response.completeExceptionally(e);
                    }
                })
                .start();
        return response;
    }

    /** Subscribes each client that sends the word to enter, and publishes the messages of all others. */
    private static final class BroadcastListener implements WebSocketListener {
        @Override
        public void onOpen(WebSocket webSocket) {
            OPEN.incrementAndGet();
        }

        @Override
        public void onText(WebSocket webSocket, String text) {
            if (text.equals("enter")) {
                webSocket.sendText("entered");
                BROADCAST.subscribe(webSocket);
            } else {
                BROADCAST.publishText(text);
            }
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            OPEN.decrementAndGet();
        }
    }

    /** Echoes all messages, and executes a text that is a command. */
    private static final class Echo implements WebSocketListener {
        @Override
        public void onOpen(WebSocket webSocket) {
            OPEN.incrementAndGet();
        }

        @Override
        public void onText(WebSocket webSocket, String text) {
            switch (text) {
                case "flood" -> {
                    SendResult result;
                    do {
                        result = webSocket.trySend(Message.binary(ByteBuffer.allocate(FaultTestServer.FLOOD)));
                    } while (result != SendResult.REFUSED);
                }
                case "close" -> webSocket.close(new CloseCode(4001), "as you wish");
                default -> webSocket.sendText(text);
            }
        }

        @Override
        public void onBinary(WebSocket webSocket, ByteBuffer data) {
            webSocket.sendBinary(data);
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            OPEN.decrementAndGet();
        }
    }
}
