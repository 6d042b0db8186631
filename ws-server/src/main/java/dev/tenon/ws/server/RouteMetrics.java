package dev.tenon.ws.server;

import dev.tenon.ws.connection.TrafficCounters;
import java.time.Duration;

/**
 * What one route has counted since the server began, and what is open there now. Counters never become smaller.
 *
 * @param path the route's template, as in {@code /rooms/{room}}; {@code *} for all requests that no route matches
 * @param method the HTTP method, {@code UPGRADE} for a WebSocket route
 * @param responses requests that were answered, an accepted upgrade among them
 * @param refused those of them that were refused: by the handshake, by a limit or a timeout, by an exception, or by an
 *     endpoint
 * @param responseTime the time from the head of a request to its response, in sum; with an accepted upgrade, the latency of
 *     the handshake
 * @param slowestResponse the longest of these times
 * @param opened WebSockets
 * @param closedCleanly WebSockets that ended with Close frames both ways
 * @param failed WebSockets that this end has failed: the peer broke a rule or a limit, or a listener has thrown
 * @param lost WebSockets that ended without a Close frame of the peer, as 1006
 * @param traffic messages and bytes of all WebSockets, those that are open included
 * @param backlog how many bytes wait for peers that are slower than this end
 * @param slow how many WebSockets they wait for
 */
public record RouteMetrics(
        String path,
        String method,
        long responses,
        long refused,
        Duration responseTime,
        Duration slowestResponse,
        long opened,
        long closedCleanly,
        long failed,
        long lost,
        TrafficCounters traffic,
        long backlog,
        int slow) {
    /**
     * How many WebSockets are open.
     *
     * @return those that were opened and have not ended
     */
    public long open() {
        return opened - closedCleanly - failed - lost;
    }
}
