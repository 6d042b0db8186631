package dev.tenon.ws.server;

import dev.tenon.ws.connection.TrafficCounters;
import dev.tenon.ws.transport.Protocol;
import dev.tenon.ws.transport.WebSocketProtocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sums the counters of routes and of open connections for one snapshot. Not thread-safe. */
final class MetricsReader {
    private final List<RouteMeter> meters;
    private final Map<RouteMeter, TrafficCounters> ended = new HashMap<>();
    private final Map<RouteMeter, OpenTraffic> open = new HashMap<>();
    private int connections;
    private long backlog;
    private int slow;

    /** Reads the traffic of ended connections, before that of open ones is added, so that no connection counts twice. */
    MetricsReader(List<RouteMeter> meters) {
        this.meters = meters;
        meters.forEach(meter -> ended.put(meter, meter.ended()));
    }

    /** Adds an open connection. */
    void add(Protocol protocol, long waiting) {
        connections++;
        backlog += waiting;
        slow += waiting > 0 ? 1 : 0;
        if (protocol instanceof WebSocketProtocol session && session.observer() instanceof RouteMeter meter) {
            add(meter, session.webSocket().counters(), waiting);
        }
    }

    /** Adds an open WebSocket of a route. */
    void add(RouteMeter meter, TrafficCounters traffic, long waiting) {
        open.merge(meter, OpenTraffic.of(traffic, waiting), OpenTraffic::plus);
    }

    ServerMetrics read(ServerCounters counters) {
        return new ServerMetrics(counters, connections, backlog, slow, routes());
    }

    /** A snapshot of each route. */
    List<RouteMetrics> routes() {
        List<RouteMetrics> routes = new ArrayList<>();
        for (RouteMeter meter : meters) {
            routes.add(meter.snapshot(
                    ended.getOrDefault(meter, OpenTraffic.NONE.traffic()), open.getOrDefault(meter, OpenTraffic.NONE)));
        }
        return routes;
    }
}
