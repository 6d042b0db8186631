package dev.tenon.ws.transport;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.frame.CloseCode;

/**
 * The counters of one event loop since its start. Only its own thread writes them, in plain fields, so counting costs
 * one addition. Other threads may read slightly older values.
 */
public final class LoopCounters {
    private long accepted;
    private long refused;
    private long opened;
    private long closedCleanly;
    private long failed;
    private long lost;
    private long reads;
    private long bytesRead;
    private long writes;
    private long bytesWritten;
    private long stalls;

    /** New counters, all zero. */
    public LoopCounters() {}

    void read(long bytes) {
        reads++;
        bytesRead += bytes;
    }

    void wrote(long bytes) {
        writes++;
        bytesWritten += bytes;
    }

    void stalled() {
        stalls++;
    }

    void opened() {
        opened++;
    }

    void closed(CloseEvent event) {
        if (event.wasClean()) {
            closedCleanly++;
        } else if (event.code().equals(CloseCode.ABNORMAL_CLOSURE)) {
            lost++;
        } else {
            failed++;
        }
    }

    /** Counts a connection that was accepted. On the loop. */
    public void countAccepted() {
        accepted++;
    }

    /** Counts a request that was refused. On the loop. */
    public void countRefused() {
        refused++;
    }

    /**
     * Adds these counters to a sum.
     *
     * @param sum one value for each of these, in this order: accepted, refused, opened, closed cleanly, failed, lost,
     *     reads, bytes read, writes, bytes written, stalls
     */
    public void addTo(long[] sum) {
        long[] mine = {
            accepted, refused, opened, closedCleanly, failed, lost, reads, bytesRead, writes, bytesWritten, stalls
        };
        for (int i = 0; i < mine.length; i++) {
            sum[i] += mine[i];
        }
    }
}
