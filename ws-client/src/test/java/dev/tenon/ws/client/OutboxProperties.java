package dev.tenon.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.client.Outbox.OnLoss;
import dev.tenon.ws.connection.ConnectionExecutor;
import dev.tenon.ws.connection.Message;
import dev.tenon.ws.connection.PreparedMessage;
import dev.tenon.ws.connection.ReadyState;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The laws of an {@link Outbox}, in any order of sends, progress, losses, closes and connects. */
@SuppressWarnings("NullAway") // a null value fails the test
class OutboxProperties {
    private static final int MOST_MESSAGES = 12;
    private static final int CONGESTED = 3;
    private static final int REFUSED = 5;

    /** A connection whose progress the test decides. */
    private static final class Connection implements ConnectionExecutor {
        private record Awaited(int position, boolean crowd, CompletableFuture<Void> sent) {}

        final List<Integer> accepted = new ArrayList<>();
        final Queue<Runnable> tasks = new ArrayDeque<>();
        private final Queue<Awaited> awaited = new ArrayDeque<>();
        private ReadyState state = ReadyState.OPEN;
        int left;
        /** Whether the application has sent much on the connection itself, which takes its room. */
        boolean crowded;

        final WebSocket webSocket = (WebSocket) Proxy.newProxyInstance(
                WebSocket.class.getClassLoader(),
                new Class<?>[] {WebSocket.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "trySend" -> trySend((PreparedMessage) arguments[0]);
                    case "whenSent" -> whenSent();
                    case "isWritable" -> backlog() <= CONGESTED;
                    case "readyState" -> state;
                    case "executor" -> this;
                    default -> throw new AssertionError("not expected: " + method);
                });

        private int backlog() {
            return accepted.size() - left + (crowded ? REFUSED : 0);
        }

        private SendResult trySend(PreparedMessage message) {
            if (state != ReadyState.OPEN || backlog() > REFUSED) {
                return SendResult.REFUSED;
            }
            accepted.add(Integer.valueOf(
                    StandardCharsets.UTF_8.decode(message.payload()).toString()));
            return backlog() > CONGESTED ? SendResult.CONGESTED : SendResult.QUEUED;
        }

        private CompletableFuture<Void> whenSent() {
            CompletableFuture<Void> sent = new CompletableFuture<>();
            if (left == accepted.size() && !crowded) {
                sent.complete(null);
            } else {
                awaited.add(new Awaited(accepted.size(), left == accepted.size(), sent));
            }
            return sent;
        }

        @Override
        public boolean isCurrentThread() {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        void run(int most) {
            for (int i = 0; i < most && !tasks.isEmpty(); i++) {
                tasks.remove().run();
            }
        }

        void leave(int messages) {
            left = Math.min(accepted.size(), left + messages);
            crowded &= messages < 3;
            for (Awaited next = awaited.peek();
                    next != null && next.position <= left && !(next.crowd && crowded);
                    next = awaited.peek()) {
                awaited.remove().sent.complete(null);
            }
        }

        void closing() {
            state = ReadyState.CLOSING;
        }

        void lose() {
            state = ReadyState.CLOSED;
            awaited.forEach(never -> never.sent.completeExceptionally(new IOException("lost")));
            awaited.clear();
        }
    }

    private static final class Run {
        final Outbox outbox;
        final List<CompletableFuture<Void>> futures = new ArrayList<>();
        final List<Connection> connections = new ArrayList<>();
        private Connection open;

        Run(OnLoss onLoss) {
            outbox = Outbox.of(onLoss, MOST_MESSAGES, Integer.MAX_VALUE);
        }

        void step(int action) {
            switch (action % 9) {
                case 0, 1, 2 ->
                    futures.add(outbox.sendAsync(Message.text(String.valueOf(futures.size())))
                            .toCompletableFuture());
                case 3, 4 -> onOpen(() -> open.run(1 + action / 9 % 3));
                case 5 -> onOpen(() -> open.leave(1 + action / 9 % 3));
                case 6 -> reconnect(action % 5 < 3);
                case 7 -> onOpen(() -> open.crowded = true);
                default -> onOpen(open == null || action / 9 % 3 > 0 ? () -> {} : open::closing);
            }
            assertTrue(outbox.size() <= MOST_MESSAGES);
        }

        private void onOpen(Runnable action) {
            if (open != null) {
                action.run();
            }
        }

        void lose() {
            open.lose();
            open.run(Integer.MAX_VALUE); // late tasks change nothing
            outbox.disconnected(new IOException("reset"));
            open.run(Integer.MAX_VALUE);
            open = null;
        }

        private void reconnect(boolean lostOnly) {
            if (open != null) {
                lose();
            }
            if (!lostOnly) {
                connect();
            }
        }

        void connect() {
            open = new Connection();
            connections.add(open);
            outbox.connected(open.webSocket);
        }

        void drain() {
            if (open == null || open.state != ReadyState.OPEN) {
                reconnect(false);
            }
            for (int i = 0; i < 100; i++) {
                open.run(Integer.MAX_VALUE);
                open.leave(3);
            }
        }

        boolean hasLeft(int message) {
            return connections.stream()
                    .anyMatch(
                            each -> each.accepted.indexOf(message) >= 0 && each.accepted.indexOf(message) < each.left);
        }

        long handedOver(int message) {
            return connections.stream()
                    .filter(each -> each.accepted.contains(message))
                    .count();
        }
    }

    private static Throwable failure(CompletableFuture<Void> future) {
        try {
            future.get();
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Run run(OnLoss onLoss, List<Integer> actions) {
        Run run = new Run(onLoss);
        actions.forEach(run::step);
        return run;
    }

    @Property
    void everyMessageIsSentInOrderOrItsSenderIsNotified(
            @ForAll OnLoss onLoss, @ForAll @Size(max = 120) List<@IntRange(max = 119) Integer> actions) {
        Run run = run(onLoss, actions);
        run.drain();
        assertEquals(0, run.outbox.size());
        Set<Integer> seen = new HashSet<>();
        int last = -1;
        for (Connection connection : run.connections) {
            assertEquals(connection.accepted.stream().sorted().distinct().toList(), connection.accepted);
            for (int message : connection.accepted) {
                assertTrue(seen.contains(message) || message > last, () -> "out of order: " + message);
                last = seen.add(message) ? message : last;
            }
        }
        for (int i = 0; i < run.futures.size(); i++) {
            assertTrue(run.futures.get(i).isDone());
            Throwable failure = failure(run.futures.get(i));
            assertEquals(failure == null, run.hasLeft(i));
            if (failure instanceof OutboxFullException) {
                assertEquals(0, run.handedOver(i));
            } else if (failure != null) { // only because it was in flight, and only if onLoss fails such messages
                assertEquals(OnLoss.FAIL, onLoss);
                assertEquals(1, run.handedOver(i));
            }
        }
    }

    @Property
    void withoutResendingNoMessageIsSentTwice(@ForAll @Size(max = 120) List<@IntRange(max = 119) Integer> actions) {
        Run run = run(OnLoss.FAIL, actions);
        run.drain();
        IntStream.range(0, run.futures.size()).forEach(i -> assertTrue(run.handedOver(i) <= 1));
    }

    @Property
    void afterItsEndEveryFutureIsCompleteAndNoMessageIsAccepted(
            @ForAll OnLoss onLoss, @ForAll @Size(max = 80) List<@IntRange(max = 119) Integer> actions) {
        Run run = run(onLoss, actions);
        run.outbox.close();
        if (run.open != null) {
            run.open.leave(1); // what was handed over may still leave
            run.lose();
        }
        run.outbox.end(null);
        assertEquals(0, run.outbox.size());
        for (int i = 0; i < run.futures.size(); i++) {
            assertTrue(run.futures.get(i).isDone());
            assertEquals(failure(run.futures.get(i)) == null, run.hasLeft(i));
        }
        Throwable late = failure(run.outbox.sendAsync(Message.text("late")).toCompletableFuture());
        assertInstanceOf(IOException.class, late);
    }
}
