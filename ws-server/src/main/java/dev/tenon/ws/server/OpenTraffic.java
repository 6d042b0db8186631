package dev.tenon.ws.server;

import dev.tenon.ws.connection.TrafficCounters;

/** The traffic of the open connections of a route, and the bytes that wait to be sent on them. */
record OpenTraffic(TrafficCounters traffic, long backlog, int slow) {
    static final OpenTraffic NONE = new OpenTraffic(new TrafficCounters(0, 0, 0, 0), 0, 0);

    /** The traffic of one connection. */
    static OpenTraffic of(TrafficCounters traffic, long waiting) {
        return new OpenTraffic(traffic, waiting, waiting > 0 ? 1 : 0);
    }

    OpenTraffic plus(OpenTraffic other) {
        return new OpenTraffic(RouteMeter.sum(traffic, other.traffic), backlog + other.backlog, slow + other.slow);
    }
}
