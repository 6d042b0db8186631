package dev.tenon.ws.suite;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.extension.Extensions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Tenon's client, which runs the cases of a fuzzing server and echoes, as any client under test does. */
final class TenonEchoClient {
    private TenonEchoClient() {}

    /** Runs the selection against a client with the extensions. */
    static Report play(Settings settings, Selection selection, Extensions extensions) throws Exception {
        Path folder = Path.of("target", "report-client");
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", 0);
        try (FuzzingServer server =
                FuzzingServer.listen(address, settings, selection, folder, (id, verdict, played, all) -> {})) {
            runAll("ws://127.0.0.1:" + server.port(), extensions);
            Report report = server.nextReport(10);
            assertNotNull(report);
            return report;
        }
    }

    private static void runAll(String server, Extensions extensions) throws IOException {
        WebSocketClient client = WebSocketClient.builder()
                .options(TenonEcho.OPTIONS)
                .extensions(extensions)
                .build();
        try {
            CompletableFuture<Integer> count = new CompletableFuture<>();
            talk(client, server + "/case-count", new Echo() {
                @Override
                public void onText(WebSocket webSocket, String text) {
                    count.complete(Integer.valueOf(text));
                }
            });
            for (int number = 1; number <= count.join(); number++) {
                talk(client, server + "/run?agent=Tenon&case=" + number, new Echo());
            }
            talk(client, server + "/report?agent=Tenon", new Echo());
        } finally {
            client.close(Duration.ZERO);
        }
    }

    /** Echoes until the connection has ended; a failed handshake is one of the cases. */
    static void talk(WebSocketClient client, String uri, Echo echo) {
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
