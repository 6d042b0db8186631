package dev.tenon.ws.server;

import dev.tenon.ws.connection.TrafficCounters;
import java.time.Duration;

/**
 * The counters of one route since the server was started, and its open connections. Counters never become smaller.
 *
 * @param path the template of the route, as in {@code /rooms/{room}}; {@code *} for all requests that no route matches
 * @param method the HTTP method, {@code UPGRADE} for a WebSocket route
 * @param responses responses, accepted upgrades included
 * @param refused those of them that refuse: because of the handshake, a limit, a timeout or an exception, or because an
 *     endpoint refuses
 * @param responseTime the sum of the times from the head of a request to its response; that of an accepted upgrade is the
 *     latency of the handshake
 * @param slowestResponse the longest of these times
 * @param opened WebSockets that were opened
 * @param closedCleanly WebSockets that ended with Close frames of both ends
 * @param failed WebSockets that this end has failed: the peer broke a rule or a limit, or a listener has thrown
 * @param lost WebSockets that ended without a Close frame of the peer (1006)
 * @param traffic messages and bytes of all WebSockets, the open ones included
 * @param backlog bytes that wait to be sent to slow peers
 * @param slow WebSockets that have such a backlog
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
     * Returns the number of open WebSockets.
     *
     * @return those that were opened and have not ended
     */
    public long open() {
        return opened - closedCleanly - failed - lost;
    }
}
