package dev.tenon.ws.client.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.ReadyState;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A message that the connection refuses is sent again when there is room, and fails if the connection ends before. */
class SendQueueTest {
    private final List<CompletableFuture<@Nullable Void>> pendingSends = new ArrayList<>();
    private final Deque<SendResult> answers = new ArrayDeque<>();
    private ReadyState state = ReadyState.OPEN;
    private int attempts;

    private final WebSocket connection = (WebSocket) Proxy.newProxyInstance(
            WebSocket.class.getClassLoader(),
            new Class<?>[] {WebSocket.class},
            (proxy, method, arguments) -> switch (method.getName()) {
                case "readyState" -> state;
                case "whenSent" -> {
                    CompletableFuture<@Nullable Void> sent = new CompletableFuture<>();
                    pendingSends.add(sent);
                    yield sent;
                }
                default -> throw new UnsupportedOperationException(method.toString());
            });

    private final SendQueue sends =
            new SendQueue(connection, Runnable::run, () -> CompletableFuture.completedFuture(false));

    private SendResult attempt() {
        attempts++;
        return answers.remove();
    }

    private <T> CompletableFuture<T> send(T result) {
        return sends.send(result, false, () -> this::attempt);
    }

    @Test
    void aRefusedMessageIsSentAgainWhenThereIsRoom() throws Exception {
        answers.addAll(List.of(SendResult.REFUSED, SendResult.REFUSED, SendResult.CONGESTED));
        CompletableFuture<String> sent = send("sent");
        assertEquals(1, attempts);
        assertFalse(sent.isDone());
        pendingSends.get(0).complete(null);
        assertEquals(2, attempts, "there may be no room yet, for others send too");
        assertFalse(sent.isDone());
        pendingSends.get(1).complete(null);
        assertEquals(3, attempts);
        assertFalse(sent.isDone(), "taken, but not sent");
        assertInstanceOf(
                IllegalStateException.class,
                assertThrows(ExecutionException.class, send("another")::get).getCause());
        pendingSends.get(2).complete(null);
        assertEquals("sent", sent.get());
        assertEquals(3, attempts, "it was taken once");
    }

    @Test
    void theNextMaySendOnceOneThatWasRefusedHasLeft() throws Exception {
        answers.addAll(List.of(SendResult.REFUSED, SendResult.QUEUED, SendResult.QUEUED));
        CompletableFuture<String> first = send("first");
        pendingSends.get(0).complete(null);
        pendingSends.get(1).complete(null);
        assertTrue(first.isDone());
        CompletableFuture<String> second = send("second");
        pendingSends.get(2).complete(null);
        assertEquals("second", second.get());
    }

    @Test
    void aRefusalOfAConnectionThatIsNotOpenIsTheEndOfIt() {
        answers.add(SendResult.REFUSED);
        state = ReadyState.CLOSING;
        CompletableFuture<String> sent = send("sent");
        assertInstanceOf(
                IOException.class,
                assertThrows(ExecutionException.class, sent::get).getCause());
        assertEquals(List.of(), pendingSends);
    }

    @Test
    void sendsThatWaitForRoomFailAtTheEnd() {
        answers.add(SendResult.REFUSED);
        CompletableFuture<String> sent = send("sent");
        IOException end = new IOException("the connection has ended");
        pendingSends.get(0).completeExceptionally(end);
        assertSame(end, assertThrows(ExecutionException.class, sent::get).getCause());
        assertEquals(1, attempts);
    }

    @Test
    void aConnectionThatClosesMeanwhileRefusesForGood() {
        answers.addAll(List.of(SendResult.REFUSED, SendResult.REFUSED));
        CompletableFuture<String> sent = send("sent");
        state = ReadyState.CLOSED;
        pendingSends.get(0).complete(null);
        assertInstanceOf(
                IOException.class,
                assertThrows(ExecutionException.class, sent::get).getCause());
        assertEquals(2, attempts);
    }

    /** For example a class is missing, or an extension throws. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theNextMaySendAfterOneThatHasThrown(boolean later) throws Exception {
        Error thrown = new LinkageError("on purpose");
        answers.addAll(later ? List.of(SendResult.REFUSED, SendResult.QUEUED) : List.of(SendResult.QUEUED));
        CompletableFuture<String> failed = sends.send("failed", false, () -> {
            if (!later) {
                throw thrown;
            }
            return () -> {
                if (attempts == 1) {
                    throw thrown;
                }
                return attempt();
            };
        });
        pendingSends.forEach(sent -> sent.complete(null));
        pendingSends.clear();
        assertTrue(failed.isDone());
        assertSame(thrown, assertThrows(ExecutionException.class, failed::get).getCause());
        CompletableFuture<String> next = send("next");
        pendingSends.get(0).complete(null);
        assertEquals("next", next.get());
    }
}
