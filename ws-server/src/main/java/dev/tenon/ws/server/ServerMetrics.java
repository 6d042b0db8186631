package dev.tenon.ws.server;

import java.util.List;

/**
 * A snapshot of a server's counters since it was started, and of its open connections: in all and for each route.
 *
 * @param counters the counters of all routes together, and of the sockets
 * @param connections the number of connections, those that still speak HTTP included
 * @param backlog bytes that wait to be sent to slow peers, on all connections
 * @param slow connections that have such a backlog
 * @param routes one for each route, in the order in which they were added, and one for all requests that no route matches
 */
public record ServerMetrics(
        ServerCounters counters, int connections, long backlog, int slow, List<RouteMetrics> routes) {
    /**
     * Makes a snapshot.
     *
     * @param counters the counters of all routes together, and of the sockets
     * @param connections the number of connections
     * @param backlog bytes that wait to be sent
     * @param slow connections that have a backlog
     * @param routes one for each route; copied
     */
    public ServerMetrics {
        routes = List.copyOf(routes);
    }
}
