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

/** Runs a benchmark: connects, warms up, measures. */
final class LoadRun {
    private static final long SECOND = 1_000_000_000;
    private static final long TICK = SECOND / 4;

    private final Load load;
    private final LoadProgress progress;
    private final ClientOptions options;
    private final List<LoadReport.Second> seconds = new ArrayList<>();
    private final LoadCounters counters = new LoadCounters();
    private final List<LoadConnection> connections = new ArrayList<>();
    private final List<WebSocket> webSockets = new ArrayList<>();

    LoadRun(Load load, LoadProgress progress, ClientOptions options) {
        this.load = load;
        this.progress = progress;
        this.options = options;
    }

    LoadReport run(WebSocketClient client, ConnectRequest request) throws InterruptedException {
        long begin = System.nanoTime();
        connect(client, request);
        long connected = System.nanoTime();
        progress.line("connected " + load.connections() + " in " + (connected - begin) / 1_000_000 + " ms");
        Thread pacer = new Thread(load.rate() > 0 ? this::pace : this::fill, "bench-sender");
        pacer.setDaemon(true);
        pacer.start();
        await("warming up", connected + load.warmUp().toNanos(), load.warmUp());
        counters.begin();
        long from = System.nanoTime();
        report(from + load.duration().toNanos());
        counters.stop();
        long end = System.nanoTime();
        LockSupport.unpark(pacer);
        pacer.join();
        countOutstanding(end);
        progress.end();
        return new LoadReport(
                request.uri().toString(),
                load,
                Duration.ofNanos(connected - begin),
                Duration.ofNanos(end - from),
                counters,
                seconds);
    }

    /** Counts the messages that have not come back; when this returns, the counters do not change any more. */
    private void countOutstanding(long end) {
        long mean = counters.latencies().mean();
        CompletableFuture<?>[] ended = new CompletableFuture<?>[webSockets.size()];
        for (int i = 0; i < ended.length; i++) {
            LoadConnection connection = connections.get(i);
            ended[i] = CompletableFuture.runAsync(
                    () -> connection.end(end, mean), webSockets.get(i).executor());
        }
        CompletableFuture.allOf(ended).join();
    }

    private void connect(WebSocketClient client, ConnectRequest request) throws InterruptedException {
        List<CompletableFuture<WebSocket>> attempts = new ArrayList<>();
        LoadConnection.Messages messages = LoadConnection.Messages.of(load);
        for (int i = 0; i < load.connections(); i++) {
            LoadConnection connection = new LoadConnection(load, messages, counters);
            connections.add(connection);
            attempts.add(ClientOptions.connect(client, request, connection));
        }
        for (CompletableFuture<WebSocket> attempt : attempts) {
            try {
                webSockets.add(attempt.get());
                progress.connecting(webSockets.size(), load.connections());
            } catch (ExecutionException e) {
                counters.stop();
                progress.end();
                throw Problem.failed("connection " + (webSockets.size() + 1) + " of " + load.connections() + ": "
                        + options.explain(e.getCause(), request));
            }
        }
    }

    /** Sends the first messages of each connection; each echo triggers the next one. */
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

    /** Sends at the rate, independent of replies. The latency of a late message counts from its due time. */
    private void pace() {
        long begin = System.nanoTime();
        for (long n = 0; counters.isRunning(); n++) {
            long due = begin + (long) (n * 1e9 / load.rate());
            if (isDue(due)) {
                int next = (int) (n % webSockets.size());
                connections.get(next).send(webSockets.get(next), due);
            }
        }
    }

    /** Waits until a time; returns false if the measurement has ended before. */
    private boolean isDue(long time) {
        for (long early = time - System.nanoTime(); early > 0; early = time - System.nanoTime()) {
            if (!counters.isRunning()) {
                return false;
            }
            LockSupport.parkNanos(early);
        }
        return true;
    }

    /** Measures until the end, and reports each second. */
    private void report(long end) throws InterruptedException {
        for (long from = System.nanoTime(); from < end && !haveAllEnded(); from = System.nanoTime()) {
            await("counting", Math.min(end, from + SECOND), load.duration());
            LoadReport.Second second = LoadReport.Second.of(counters.nextSecond());
            seconds.add(second);
            progress.second(seconds.size(), second);
        }
    }

    /** Without a connection nothing more can come. */
    private boolean haveAllEnded() {
        return counters.lostCount() >= load.connections();
    }

    /** Waits and reports the progress. */
    private void await(String phase, long until, Duration whole) throws InterruptedException {
        long before = counters.echoedCount();
        for (long left = until - System.nanoTime(); left > 0 && !haveAllEnded(); left = until - System.nanoTime()) {
            long begin = System.nanoTime();
            Thread.sleep(Math.max(1, Math.min(TICK, left) / 1_000_000));
            long count = counters.echoedCount();
            double rate = Math.max(0, count - before) * 1e9 / (System.nanoTime() - begin);
            before = count;
            progress.tick(phase, seconds.size(), whole, rate, counters);
        }
    }
}
