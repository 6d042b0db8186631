package dev.tenon.ws.cli;

import dev.tenon.ws.client.ConnectRequest;
import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Runs a benchmark: connects, warms up, counts. */
final class LoadRun {
    private final Load load;
    private final Consumer<String> progress;
    private final LoadCounters counters = new LoadCounters();
    private final List<LoadConnection> connections = new ArrayList<>();
    private final List<WebSocket> webSockets = new ArrayList<>();

    LoadRun(Load load, Consumer<String> progress) {
        this.load = load;
        this.progress = progress;
    }

    LoadReport run(WebSocketClient client, ConnectRequest request) throws InterruptedException {
        long begin = System.nanoTime();
        connect(client, request);
        long connected = System.nanoTime();
        progress.accept("connected " + load.connections() + " in " + (connected - begin) / 1_000_000 + " ms");
        Thread pacer = new Thread(load.rate() > 0 ? this::pace : this::fill, "bench-sender");
        pacer.setDaemon(true);
        pacer.start();
        Thread.sleep(load.warmUp().toMillis());
        counters.begin();
        long from = System.nanoTime();
        report(from + load.duration().toNanos());
        Duration counted = Duration.ofNanos(System.nanoTime() - from);
        LoadReport report =
                new LoadReport(request.uri().toString(), load, Duration.ofNanos(connected - begin), counted, counters);
        counters.stop();
        pacer.join();
        return report;
    }

    private void connect(WebSocketClient client, ConnectRequest request) throws InterruptedException {
        List<CompletableFuture<WebSocket>> attempts = new ArrayList<>();
        for (int i = 0; i < load.connections(); i++) {
            LoadConnection connection = new LoadConnection(load, counters);
            connections.add(connection);
            attempts.add(client.connect(request, connection));
        }
        for (CompletableFuture<WebSocket> attempt : attempts) {
            try {
                webSockets.add(attempt.get());
            } catch (ExecutionException e) {
                counters.stop();
                throw Problem.failed("connection " + (webSockets.size() + 1) + " of " + load.connections() + ": "
                        + ConnectFailure.explain(e.getCause(), request.uri()));
            }
        }
    }

    /** Gives each connection its first messages; each echo is followed by the next. */
    private void fill() {
        for (int i = 0; i < webSockets.size(); i++) {
            LoadConnection connection = connections.get(i);
            WebSocket webSocket = webSockets.get(i);
            webSocket.executor().execute(() -> {
                for (int n = 0; n < load.depth(); n++) {
                    connection.send(webSocket, System.nanoTime());
                }
            });
        }
    }

    /** Sends at the rate, however late answers are: a message that leaves late began when it should have left. */
    private void pace() {
        long begin = System.nanoTime();
        for (long n = 0; counters.isRunning(); n++) {
            long due = begin + (long) (n * 1e9 / load.rate());
            long early = due - System.nanoTime();
            if (early > 0) {
                LockSupport.parkNanos(early);
            }
            int next = (int) (n % webSockets.size());
            connections.get(next).send(webSockets.get(next), due);
        }
    }

    private void report(long end) throws InterruptedException {
        for (int second = 1; ; second++) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return;
            }
            Thread.sleep(Math.min(1_000, left));
            progress.accept(LoadReport.progress(second, counters.nextSecond()));
        }
    }
}
