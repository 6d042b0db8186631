package dev.tenon.ws.handshake;

import java.time.Duration;

/** The one timeout that runs at a time. Knows no clock: it is told the time. */
final class Timeout {
    /** Half of what a clock that wraps around can tell apart; longer stands for "for ever". */
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);

    private long deadline;
    private boolean running;

    void start(Duration timeout, long nowNanos) {
        running = timeout.compareTo(LONGEST) < 0;
        deadline = running ? nowNanos + timeout.toNanos() : 0;
    }

    void stop() {
        running = false;
    }

    boolean isOver(long nowNanos) {
        return running && nowNanos - deadline >= 0;
    }

    /** When it is over, or {@link Long#MAX_VALUE} for never. */
    long deadline() {
        return running ? deadline : Long.MAX_VALUE;
    }
}
