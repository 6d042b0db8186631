package dev.tenon.ws.suite;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extensions;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Tenon's client, which runs the cases of a fuzzing server and echoes, as any client under test does. */
final class TenonEchoClient {
    private TenonEchoClient() {}

    /** Connects a client of Tenon. */
    interface Connector {
        CompletableFuture<WebSocket> connect(String uri, WebSocketListener listener);
    }

    /** Runs the selection against a client with the extensions. */
    static Report play(Settings settings, Selection selection, Extensions extensions) throws Exception {
        WebSocketClient client = WebSocketClient.builder()
                .options(TenonEcho.OPTIONS)
                .extensions(extensions)
                .build();
        try {
            return play(Carrier.HTTP_1_1, null, settings, selection, client::connect);
        } finally {
            client.close(Duration.ZERO);
        }
    }

    /** Runs the selection against a client over a version of HTTP, with TLS if there is a key for the server. */
    static Report play(
            Carrier carrier, @Nullable SSLContext tls, Settings settings, Selection selection, Connector client)
            throws Exception {
        Path folder = Path.of("target", "report-client-" + carrier.alpn().replace('/', '-'));
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", 0);
        try (FuzzingServer server = FuzzingServer.listen(
                carrier, tls, address, settings, selection, folder, (id, verdict, played, all) -> {})) {
            runAll((tls == null ? "ws" : "wss") + "://127.0.0.1:" + server.port(), client);
            Report report = server.nextReport(10);
            assertNotNull(report);
            return report;
        }
    }

    private static void runAll(String server, Connector client) {
        CompletableFuture<Integer> count = new CompletableFuture<>();
        connectForEach(client, server + "/case-count", new Echo() {
            @Override
            public void onText(WebSocket webSocket, String text) {
                count.complete(Integer.valueOf(text));
            }
        });
        for (int number = 1; number <= count.orTimeout(30, TimeUnit.SECONDS).join(); number++) {
            connectForEach(client, server + "/run?agent=Tenon&case=" + number, new Echo());
        }
        connectForEach(client, server + "/report?agent=Tenon", new Echo());
    }

    /** Echoes until the connection has ended; a failed handshake is one of the cases. */
    static void connectForEach(Connector client, String uri, Echo echo) {
        try {
            client.connect(uri, echo).orTimeout(30, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            return;
        }
        echo.ended.orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** Echoes every message, and reports the end. */
    static class Echo extends TenonEcho.Echo {
        final CompletableFuture<CloseEvent> ended = new CompletableFuture<>();

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            ended.complete(event);
        }
    }
}
