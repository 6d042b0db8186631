package dev.tenon.ws.server;

/**
 * A snapshot of a server's counters since it was started; one value may be a few events behind another. Bytes are counted
 * at the sockets: with heads, frame headers and TLS.
 *
 * @param accepted connections, those that never became WebSockets included
 * @param refused requests that the server or an endpoint has refused
 * @param opened WebSockets that were opened
 * @param closedCleanly WebSockets that ended with Close frames of both ends
 * @param failed WebSockets that this end has failed: the peer broke a rule or a limit, or a listener has thrown
 * @param lost WebSockets that ended without a Close frame of the peer (1006)
 * @param reads reads of sockets, the end of their input included
 * @param bytesRead bytes that were read
 * @param writes writes to sockets
 * @param bytesWritten bytes that were written
 * @param stalls how often bytes had to wait because a socket did not take them
 */
public record ServerCounters(
        long accepted,
        long refused,
        long opened,
        long closedCleanly,
        long failed,
        long lost,
        long reads,
        long bytesRead,
        long writes,
        long bytesWritten,
        long stalls) {

    static final int COUNT = 11;

    static ServerCounters of(long[] sum) {
        return new ServerCounters(
                sum[0], sum[1], sum[2], sum[3], sum[4], sum[5], sum[6], sum[7], sum[8], sum[9], sum[10]);
    }

    /**
     * Returns the number of open WebSockets.
     *
     * @return those that were opened and have not ended
     */
    public long open() {
        return opened - closedCleanly - failed - lost;
    }
}
