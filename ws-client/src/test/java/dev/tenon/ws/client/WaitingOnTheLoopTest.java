package dev.tenon.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A listener that waits on a loop for a connect of the same loop gets an exception; the loop does not hang. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WaitingOnTheLoopTest {
    /** Connects again in onClose, as people do, and waits. */
    private static String reconnecting(Function<CompletableFuture<WebSocket>, Object> waiting) throws Exception {
        Peer[] peer = new Peer[1];
        CompletableFuture<Object> outcome = new CompletableFuture<>();
        CompletableFuture<CloseEvent> second = new CompletableFuture<>();
        try (Peer server = Peer.start(socket -> Peer.say(socket, Peer.upgrade(peer[0].head(socket), "")));
                WebSocketClient client = WebSocketClient.builder().proxy(null).build()) {
            peer[0] = server;
            WebSocketListener again = new WebSocketListener() {
                @Override
                public void onClose(WebSocket webSocket, CloseEvent event) {
                    second.complete(event);
                }
            };
            WebSocketListener first = new WebSocketListener() {
                @Override
                public void onClose(WebSocket webSocket, CloseEvent event) {
                    CompletableFuture<WebSocket> connecting = client.connect(server.uri(), again);
                    outcome.complete(assertThrows(IllegalStateException.class, () -> waiting.apply(connecting))
                            .getMessage());
                }
            };
            client.connect(server.uri(), first).get(20, TimeUnit.SECONDS);
            String message = (String) outcome.get(20, TimeUnit.SECONDS);
            second.get(20, TimeUnit.SECONDS); // the connect itself goes on
            return message;
        }
    }

    private static Object failureOf(CompletableFuture<?> future) {
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void waitingForAConnectInAListenerThrowsAndTheLoopGoesOn() throws Exception {
        String expected = "an event loop cannot wait for a connection: do it on another thread";
        assertEquals(expected, reconnecting(CompletableFuture::join));
        assertEquals(expected, reconnecting(WaitingOnTheLoopTest::failureOf));
        assertEquals(
                expected,
                reconnecting(connecting -> connecting.thenApply(WebSocket::url).join()));
        assertEquals(expected, reconnecting(connecting -> failureOf(connecting.copy())));
    }
}
