package dev.tenon.ws.cli;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A source of events for one page, which receives each event in three ways: by polling, by long polling and by push.
 * The page opens this connection first, sends {@code rate N} and {@code time T}, and receives the events and the cost
 * of each way. It runs on the demo's event loop.
 */
final class DeliverySession implements WebSocketListener {
    private static final int KEPT = 500;
    private static final long LONGEST_POLL_SECONDS = 20;
    private static final double MOST_A_SECOND = 20;
    private static final Headers JSON = Headers.of("Content-Type", "application/json", "Cache-Control", "no-store");

    /** An event: its number and time, in milliseconds of this session. */
    private record Event(long number, double at) {
        Json json() {
            return new Json().put("n", number).put("at", at);
        }
    }

    /** A long poll that waits for an event after the last one that its client has received. */
    private record Waiter(long after, CompletableFuture<HttpResponse> response) {}

    final DeliveryCost poll = new DeliveryCost();
    final DeliveryCost longPoll = new DeliveryCost();
    final DeliveryCost push = new DeliveryCost();

    private final ScheduledExecutorService timer;
    private final Runnable onEnd;
    private final long begin = System.nanoTime();
    private final Deque<Event> events = new ArrayDeque<>();
    private final List<Waiter> waiters = new ArrayList<>();
    private @Nullable WebSocket page;
    private @Nullable WebSocket pushed;
    private double rate = 1;
    private long count;
    private long generation;

    /**
     * A session that begins when its connection is open.
     *
     * @param timer schedules the events, on its own thread
     * @param onEnd runs at the end of the session
     */
    DeliverySession(ScheduledExecutorService timer, Runnable onEnd) {
        this.timer = timer;
        this.onEnd = onEnd;
    }

    private double now() {
        return (System.nanoTime() - begin) / 1e6;
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        page = webSocket;
        schedule();
    }

    @Override
    public void onText(WebSocket webSocket, String command) {
        String[] words = command.split(" ", 2);
        try {
            switch (words[0]) {
                case "rate" -> {
                    rate = Math.max(0.1, Math.min(MOST_A_SECOND, Double.parseDouble(words[1])));
                    schedule();
                }
                case "time" ->
                    tell(new Json().put("type", "time").put("asked", words[1]).put("at", now()));
                default -> {}
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            tell(new Json().put("type", "note").put("text", "not understood: " + Terminal.line(command)));
        }
    }

    /** Events are random, with an exponential distribution of the time between two. */
    private void schedule() {
        long mine = ++generation;
        double seconds = -Math.log(1 - ThreadLocalRandom.current().nextDouble()) / rate;
        later(Math.min(60, seconds), () -> {
            if (mine == generation) {
                happen();
                schedule();
            }
        });
    }

    private void later(double seconds, Runnable task) {
        WebSocket open = page;
        if (open == null) {
            return;
        }
        try {
            Future<?> unused =
                    timer.schedule(() -> open.executor().execute(task), (long) (seconds * 1e9), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // the demo is ending
        }
    }

    private void happen() {
        if (page == null) {
            return;
        }
        Event event = new Event(++count, now());
        events.addLast(event);
        if (events.size() > KEPT) {
            events.removeFirst();
        }
        if (pushed != null) {
            pushed.sendText(event.json().toString());
        }
        List<Waiter> due = List.copyOf(waiters);
        waiters.clear();
        due.forEach(waiter -> waiter.response().complete(after(waiter.after())));
        tell(event.json().put("type", "event"));
        tell(new Json()
                .put("type", "cost")
                .put("poll", poll.json())
                .put("long", longPoll.json())
                .put("push", push.json()));
    }

    private void tell(Json json) {
        if (page != null) {
            page.sendText(json.toString());
        }
    }

    /** The response to a poll: the events after a given one, at once. */
    HttpResponse after(long number) {
        List<Json> fresh = events.stream()
                .filter(event -> event.number() > number)
                .map(Event::json)
                .toList();
        String body = new Json().putAll("events", fresh).toString();
        return new HttpResponse(200, "OK", JSON, ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)));
    }

    /** The response to a long poll: the events after a given one, when there is one, or none at the timeout. */
    CompletionStage<HttpResponse> awaitAfter(long number, CompletionStage<Void> cancelled) {
        if (count > number || page == null) {
            return CompletableFuture.completedFuture(after(number));
        }
        Waiter waiter = new Waiter(number, new CompletableFuture<>());
        waiters.add(waiter);
        cancelled.thenRun(() -> waiters.remove(waiter));
        later(LONGEST_POLL_SECONDS, () -> {
            if (waiters.remove(waiter)) {
                waiter.response().complete(after(number));
            }
        });
        return waiter.response();
    }

    /** The connection for pushed events. */
    WebSocketListener pushed() {
        return new WebSocketListener() {
            @Override
            public void onOpen(WebSocket webSocket) {
                pushed = webSocket;
            }

            @Override
            public void onClose(WebSocket webSocket, CloseEvent event) {
                if (pushed == webSocket) {
                    pushed = null;
                }
            }
        };
    }

    @Override
    public void onClose(WebSocket webSocket, CloseEvent event) {
        page = null;
        List<Waiter> left = List.copyOf(waiters);
        waiters.clear();
        left.forEach(waiter -> waiter.response().complete(after(waiter.after())));
        onEnd.run();
    }
}
