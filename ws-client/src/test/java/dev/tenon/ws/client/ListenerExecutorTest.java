package dev.tenon.ws.client;

import static dev.tenon.ws.client.Chat.get;
import static dev.tenon.ws.client.Chat.greeted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listeners with an executor, called outside the event loop. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ListenerExecutorTest {
    @Test
    void aListenerThatBlocksHoldsUpNeitherOthersNorTheEndOfTheClient() throws Exception {
        ExecutorService pool = Executors.newCachedThreadPool();
        CompletableFuture<Void> entered = new CompletableFuture<>();
        CompletableFuture<Void> release = new CompletableFuture<>();
        CompletableFuture<CloseEvent> closed = new CompletableFuture<>();
        List<String> calls = new CopyOnWriteArrayList<>();
        Peer[] peer = new Peer[1];
        peer[0] = Peer.start(socket -> peer[0].greet(socket));
        try (Peer server = peer[0];
                WebSocketClient client = WebSocketClient.builder()
                        .proxy(null)
                        .loops(1)
                        .listenerExecutor(pool)
                        .build()) {
            WebSocket blocked = get(client.connect(server.uri(), new WebSocketListener() {
                @Override
                public void onOpen(WebSocket webSocket) {
                    calls.add("open");
                }

                @Override
                public void onText(WebSocket webSocket, String text) {
                    entered.complete(null);
                    release.join();
                    calls.add(text);
                }

                @Override
                public void onClose(WebSocket webSocket, CloseEvent event) {
                    calls.add("close");
                    closed.complete(event);
                }
            }));
            get(entered);
            greeted(client, server.uri());
            assertEquals(List.of("open"), calls);
            client.close(Duration.ofMillis(200));
            assertFalse(closed.isDone());
            assertEquals(0, blocked.bufferedAmount());
            release.complete(null);
            get(closed);
            assertEquals(List.of("open", "hi", "close"), calls);
        } finally {
            pool.shutdownNow();
        }
    }
}
