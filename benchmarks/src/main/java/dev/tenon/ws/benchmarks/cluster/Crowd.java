package dev.tenon.ws.benchmarks.cluster;

import dev.tenon.ws.client.ConnectRequest;
import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extensions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Clients of all servers in one room. The first client publishes the time, and all clients measure its age on arrival.
 */
final class Crowd implements AutoCloseable {
    private static final int LENGTH = 64;
    private static final long PAUSE_NANOS = 20_000;
    private static final int AT_A_TIME = 50;

    private final Dialect dialect;
    private final int size;
    private final WebSocketClient client =
            WebSocketClient.builder().extensions(Extensions.none()).build();
    private final LongAdder deliveries = new LongAdder();
    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
    private volatile @Nullable LatencyCounts latencies;
    private volatile @Nullable WebSocket publisher;
    private long published;

    Crowd(Dialect dialect, List<String> servers, int perServer) throws Exception {
        this.dialect = dialect;
        size = servers.size() * perServer;
        CountDownLatch begun = new CountDownLatch(AT_A_TIME);
        for (int i = 0; i < size; i++) {
            if (i % AT_A_TIME == 0) {
                begun = new CountDownLatch(Math.min(AT_A_TIME, size - i));
            }
            var unused = client.connect(
                    ConnectRequest.to(servers.get(i % servers.size()) + dialect.path(i)), new Member(begun));
            if ((i + 1) % AT_A_TIME == 0 || i + 1 == size) {
                if (!begun.await(60, TimeUnit.SECONDS)) {
                    throw new IOException("a client is not in the room after a minute");
                }
            }
        }
    }

    private final class Member implements WebSocketListener {
        private final CountDownLatch begun;

        Member(CountDownLatch begun) {
            this.begun = begun;
        }

        @Override
        public void onText(WebSocket webSocket, String text) {
            String response = dialect.response(text);
            if (response != null) {
                webSocket.sendText(response);
            } else if (dialect.isReady(text)) {
                if (publisher == null) {
                    publisher = webSocket;
                }
                begun.countDown();
            } else {
                String content = dialect.content(text);
                if (content != null) {
                    delivered(content);
                }
            }
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            failure.compareAndSet(null, "a connection has ended: " + event);
        }
    }

    private void delivered(String content) {
        deliveries.increment();
        LatencyCounts counts = latencies;
        if (counts != null) {
            counts.record(System.nanoTime() - Long.parseLong(content.substring(0, content.indexOf(' '))));
        }
    }

    long deliveries() {
        return deliveries.sum();
    }

    private void publish(long time) {
        String content = time + " ";
        WebSocket first = publisher;
        if (first != null) {
            first.sendText(dialect.publish(++published, content + "x".repeat(LENGTH - content.length())));
        }
    }

    /** Publishes as fast as all clients receive, with a number of messages in flight. */
    void saturate(int seconds, int underWay) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < end) {
            checkOpen();
            if (deliveries() >= (published - underWay) * size) {
                publish(System.nanoTime());
            } else {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        drain();
    }

    /** Publishes at a rate, and measures from the time at which each message is due. */
    LatencyCounts pace(int seconds, double perSecond) throws IOException {
        LatencyCounts counts = new LatencyCounts();
        latencies = counts;
        long start = System.nanoTime();
        for (long i = 0; i < perSecond * seconds; i++) {
            long due = start + (long) (i * 1e9 / perSecond);
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            publish(due);
            checkOpen();
        }
        drain();
        latencies = null;
        return counts;
    }

    private void drain() throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (deliveries() < published * size) {
            checkOpen();
            if (System.nanoTime() > end) {
                throw new IOException(published * size - deliveries() + " deliveries are missing");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void checkOpen() throws IOException {
        String failed = failure.get();
        if (failed != null) {
            throw new IOException(failed);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
