package dev.tenon.ws.server;

/**
 * What a server has counted since it began, at one moment; a value may be a few events behind another. Bytes are those of
 * the sockets: with heads, frame headers and TLS.
 *
 * @param accepted connections, those that never got beyond HTTP included
 * @param refused requests that were answered with an error by the server itself, or by an endpoint that refuses
 * @param opened WebSockets
 * @param closedCleanly WebSockets that ended with Close frames both ways
 * @param failed WebSockets that this end has failed: the peer broke a rule or a limit, or a listener has thrown
 * @param lost WebSockets that ended without a Close frame of the peer, as 1006
 * @param reads how often bytes were read, or the end of them
 * @param bytesRead how many came
 * @param writes how often bytes were written
 * @param bytesWritten how many left
 * @param stalls how often a peer was too slow, so that bytes had to wait
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
     * How many WebSockets there are.
     *
     * @return those that were opened and have not ended
     */
    public long open() {
        return opened - closedCleanly - failed - lost;
    }
}
