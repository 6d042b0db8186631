package dev.tenon.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A listener for tests, and methods for connects. */
final class Chat implements WebSocketListener {
    final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    final BlockingQueue<CloseEvent> ends = new LinkedBlockingQueue<>();

    @Override
    public void onText(WebSocket webSocket, String text) {
        texts.add(text);
    }

    @Override
    public void onClose(WebSocket webSocket, CloseEvent event) {
        ends.add(event);
    }

    void awaitText(String text) throws InterruptedException {
        assertEquals(text, texts.poll(20, TimeUnit.SECONDS));
    }

    static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    /** Returns the failure of a connect. */
    static <E extends Throwable> E failure(Class<E> type, CompletableFuture<WebSocket> connecting) {
        ExecutionException e =
                assertThrows(ExecutionException.class, () -> connecting.get(30, TimeUnit.SECONDS), "it has connected");
        if (!type.isInstance(e.getCause())) {
            throw new AssertionError("not a " + type.getSimpleName(), e.getCause());
        }
        return type.cast(e.getCause());
    }

    /** Connects, waits for the greeting, and returns the connection. */
    static WebSocket greeted(WebSocketClient client, ConnectRequest request) throws Exception {
        Chat chat = new Chat();
        WebSocket webSocket = get(client.connect(request, chat));
        chat.awaitText("hi");
        return webSocket;
    }

    static WebSocket greeted(WebSocketClient client, String uri) throws Exception {
        return greeted(client, ConnectRequest.to(uri));
    }
}
