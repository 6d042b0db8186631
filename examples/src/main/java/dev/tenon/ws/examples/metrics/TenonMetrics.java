package dev.tenon.ws.examples.metrics;

import dev.tenon.ws.server.RouteMetrics;
import dev.tenon.ws.server.ServerMetrics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * Binds a server's metrics to Micrometer: counters, gauges and timers of the server and of each route. All meters of a scrape read
 * one snapshot, which is at most a second old.
 *
 * <pre>{@code
 * new TenonMetrics(server::metrics).bindTo(registry);
 * }</pre>
 */
public final class TenonMetrics implements MeterBinder {
    private static final long MAX_AGE_NANOS = Duration.ofSeconds(1).toNanos();

    private final Supplier<ServerMetrics> source;
    private ServerMetrics snapshot;
    private long taken;

    /**
     * A binder.
     *
     * @param source takes a snapshot, as {@code server::metrics} does
     */
    public TenonMetrics(Supplier<ServerMetrics> source) {
        this.source = source;
        this.snapshot = source.get();
        this.taken = System.nanoTime();
    }

    private synchronized ServerMetrics snapshot() {
        if (System.nanoTime() - taken > MAX_AGE_NANOS) {
            refresh();
        }
        return snapshot;
    }

    /** Takes a new snapshot, regardless of the age of the last one. */
    synchronized void refresh() {
        snapshot = source.get();
        taken = System.nanoTime();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, "tenon.connections", ServerMetrics::connections);
        gauge(registry, "tenon.backlog", ServerMetrics::backlog);
        gauge(registry, "tenon.slow", ServerMetrics::slow);
        counter(registry, "tenon.accepted", metrics -> metrics.counters().accepted());
        counter(registry, "tenon.refused", metrics -> metrics.counters().refused());
        counter(registry, "tenon.read", metrics -> metrics.counters().bytesRead());
        counter(registry, "tenon.written", metrics -> metrics.counters().bytesWritten());
        counter(registry, "tenon.stalls", metrics -> metrics.counters().stalls());
        for (int i = 0; i < snapshot().routes().size(); i++) {
            bindRoute(registry, i);
        }
    }

    private void gauge(MeterRegistry registry, String name, ToDoubleFunction<ServerMetrics> value) {
        Gauge.builder(name, this, binder -> value.applyAsDouble(binder.snapshot()))
                .strongReference(true)
                .register(registry);
    }

    private void counter(MeterRegistry registry, String name, ToDoubleFunction<ServerMetrics> value) {
        FunctionCounter.builder(name, this, binder -> value.applyAsDouble(binder.snapshot()))
                .register(registry);
    }

    /** The routes of a server, and their order, never change. */
    private void bindRoute(MeterRegistry registry, int index) {
        RouteMetrics route = route(index);
        Tags tags = Tags.of("route", route.path(), "method", route.method());
        FunctionTimer.builder(
                        "tenon.route.responses",
                        this,
                        binder -> binder.route(index).responses(),
                        binder -> binder.route(index).responseTime().toNanos(),
                        TimeUnit.NANOSECONDS)
                .tags(tags)
                .register(registry);
        TimeGauge.builder(
                        "tenon.route.responses.max",
                        this,
                        TimeUnit.NANOSECONDS,
                        binder -> binder.route(index).slowestResponse().toNanos())
                .strongReference(true)
                .tags(tags)
                .register(registry);
        routeCounter(registry, "tenon.route.refused", tags, index, RouteMetrics::refused);
        if (!route.method().equals("UPGRADE")) {
            return;
        }
        routeGauge(registry, "tenon.route.open", tags, index, RouteMetrics::open);
        routeGauge(registry, "tenon.route.backlog", tags, index, RouteMetrics::backlog);
        routeGauge(registry, "tenon.route.slow", tags, index, RouteMetrics::slow);
        routeCounter(registry, "tenon.route.ended", tags.and("how", "cleanly"), index, RouteMetrics::closedCleanly);
        routeCounter(registry, "tenon.route.ended", tags.and("how", "failed"), index, RouteMetrics::failed);
        routeCounter(registry, "tenon.route.ended", tags.and("how", "lost"), index, RouteMetrics::lost);
        Tags received = tags.and("direction", "received");
        Tags sent = tags.and("direction", "sent");
        routeCounter(
                registry,
                "tenon.route.messages",
                received,
                index,
                r -> r.traffic().messagesReceived());
        routeCounter(
                registry, "tenon.route.messages", sent, index, r -> r.traffic().messagesSent());
        routeCounter(
                registry, "tenon.route.bytes", received, index, r -> r.traffic().bytesReceived());
        routeCounter(
                registry, "tenon.route.bytes", sent, index, r -> r.traffic().bytesSent());
    }

    private RouteMetrics route(int index) {
        return snapshot().routes().get(index);
    }

    private void routeGauge(
            MeterRegistry registry, String name, Tags tags, int index, ToLongFunction<RouteMetrics> value) {
        Gauge.builder(name, this, binder -> value.applyAsLong(binder.route(index)))
                .strongReference(true)
                .tags(tags)
                .register(registry);
    }

    private void routeCounter(
            MeterRegistry registry, String name, Tags tags, int index, ToLongFunction<RouteMetrics> value) {
        FunctionCounter.builder(name, this, binder -> value.applyAsLong(binder.route(index)))
                .tags(tags)
                .register(registry);
    }
}
