package dev.tenon.ws.server;

import dev.tenon.ws.connection.TrafficCounters;
import dev.tenon.ws.transport.Protocol;
import dev.tenon.ws.transport.WebSocketProtocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Adds up what routes and open connections have counted. For one snapshot. */
final class MetricsReader {
    private final List<RouteMeter> meters;
    private final Map<RouteMeter, TrafficCounters> ended = new HashMap<>();
    private final Map<RouteMeter, OpenTraffic> open = new HashMap<>();
    private int connections;
    private long backlog;
    private int slow;

    /** Reads what has ended: before the open connections, so that none counts twice. */
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
            open.merge(meter, OpenTraffic.of(session.webSocket().counters(), waiting), OpenTraffic::plus);
        }
    }

    ServerMetrics read(ServerCounters counters) {
        List<RouteMetrics> routes = new ArrayList<>();
        for (RouteMeter meter : meters) {
            routes.add(meter.snapshot(
                    ended.getOrDefault(meter, OpenTraffic.NONE.traffic()), open.getOrDefault(meter, OpenTraffic.NONE)));
        }
        return new ServerMetrics(counters, connections, backlog, slow, routes);
    }
}
