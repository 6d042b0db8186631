package dev.tenon.ws.server;

import java.util.List;

/**
 * What a server has counted since it began, and what is open now: in all and for each route. A snapshot.
 *
 * @param counters the counters of all routes together, and of the sockets
 * @param connections how many connections there are, those that still speak HTTP included
 * @param backlog how many bytes wait for peers that are slower than this end, on all connections
 * @param slow how many connections they wait for
 * @param routes one for each route, in the order in which they were added, and one for all requests that no route matches
 */
public record ServerMetrics(
        ServerCounters counters, int connections, long backlog, int slow, List<RouteMetrics> routes) {
    /**
     * A snapshot.
     *
     * @param counters of all routes together
     * @param connections how many there are
     * @param backlog bytes that wait
     * @param slow how many connections they wait for
     * @param routes one for each route; copied
     */
    public ServerMetrics {
        routes = List.copyOf(routes);
    }
}
