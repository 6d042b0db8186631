package dev.tenon.ws.server;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.TrafficCounters;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.transport.WebSocketObserver;
import java.time.Duration;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/**
 * The counters of one route. No message changes them: a connection counts its own traffic, which is added here when it
 * ends, and which a snapshot reads while it is open. Thread-safe.
 */
final class RouteMeter implements WebSocketObserver {
    static final String UPGRADE = "UPGRADE";

    private final String path;
    private final String method;
    private final LongAdder responses = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final LongAccumulator slowest = new LongAccumulator(Math::max, 0);
    private final LongAdder opened = new LongAdder();
    private final LongAdder closedCleanly = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private TrafficCounters ended = new TrafficCounters(0, 0, 0, 0);
    private TrafficCounters newest = ended;

    RouteMeter(String path, String method) {
        this.path = path;
        this.method = method;
    }

    void responded(long afterNanos) {
        responses.increment();
        nanos.add(afterNanos);
        slowest.accumulate(afterNanos);
    }

    void refused(long afterNanos) {
        refused.increment();
        responded(afterNanos);
    }

    void opened() {
        opened.increment();
    }

    @Override
    public void closed(WebSocket webSocket, CloseEvent event) {
        addEnded(webSocket.counters());
        if (event.wasClean()) {
            closedCleanly.increment();
        } else if (event.code().equals(CloseCode.ABNORMAL_CLOSURE)) {
            lost.increment();
        } else {
            failed.increment();
        }
    }

    private synchronized void addEnded(TrafficCounters more) {
        ended = sum(ended, more);
    }

    synchronized TrafficCounters ended() {
        return ended;
    }

    /**
     * Makes a snapshot.
     *
     * @param before what {@link #ended} returned before the open connections were read. A connection that ends in between
     *     is in neither, so its traffic appears in the next snapshot
     * @param open what the open connections have counted
     */
    RouteMetrics snapshot(TrafficCounters before, OpenTraffic open) {
        long ends = closedCleanly.sum();
        long failures = failed.sum();
        long losses = lost.sum();
        return new RouteMetrics(
                path,
                method,
                responses.sum(),
                refused.sum(),
                Duration.ofNanos(nanos.sum()),
                Duration.ofNanos(slowest.get()),
                opened.sum(), // read after the ends, so that no more have ended than were opened
                ends,
                failures,
                losses,
                notLess(sum(before, open.traffic())),
                open.backlog(),
                open.slow());
    }

    private synchronized TrafficCounters notLess(TrafficCounters now) {
        newest = new TrafficCounters(
                Math.max(newest.messagesReceived(), now.messagesReceived()),
                Math.max(newest.bytesReceived(), now.bytesReceived()),
                Math.max(newest.messagesSent(), now.messagesSent()),
                Math.max(newest.bytesSent(), now.bytesSent()));
        return newest;
    }

    static TrafficCounters sum(TrafficCounters one, TrafficCounters other) {
        return new TrafficCounters(
                one.messagesReceived() + other.messagesReceived(),
                one.bytesReceived() + other.bytesReceived(),
                one.messagesSent() + other.messagesSent(),
                one.bytesSent() + other.bytesSent());
    }
}
