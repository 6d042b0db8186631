package dev.tenon.ws.suite;

import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Tenon's client, which walks through the cases of a fuzzing server and echoes: what a foreign client has to do. */
final class TenonEchoClient {
    private TenonEchoClient() {}

    static void runAll(String server, String agent) throws IOException {
        try (WebSocketClient client =
                WebSocketClient.builder().options(TenonEcho.OPTIONS).build()) {
            CompletableFuture<Integer> count = new CompletableFuture<>();
            talk(client, server + "/case-count", new Echo() {
                @Override
                public void onText(WebSocket webSocket, String text) {
                    count.complete(Integer.valueOf(text));
                }
            });
            for (int number = 1; number <= count.join(); number++) {
                talk(client, server + "/run?case=" + number + "&agent=" + agent, new Echo());
            }
            talk(client, server + "/report?agent=" + agent, new Echo());
        }
    }

    /** Echoes until the connection has ended; a handshake that fails is one of the cases. */
    static void talk(WebSocketClient client, String uri, Echo echo) {
        try {
            client.connect(uri, echo).orTimeout(30, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            return;
        }
        echo.ended.orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** Sends every message back and tells of the end. */
    static class Echo extends TenonEcho.Echo {
        final CompletableFuture<CloseEvent> ended = new CompletableFuture<>();

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            ended.complete(event);
        }
    }
}
