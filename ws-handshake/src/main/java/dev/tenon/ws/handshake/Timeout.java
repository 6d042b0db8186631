package dev.tenon.ws.handshake;

import java.time.Duration;

/** A single timeout. It has no clock; callers pass the time. */
final class Timeout {
    /** Half the range of a clock that wraps around; a longer timeout never ends. */
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

    boolean isRunning() {
        return running;
    }

    boolean isOver(long nowNanos) {
        return running && nowNanos - deadline >= 0;
    }

    /** The time at which it ends, or {@link Long#MAX_VALUE} for never. */
    long deadline() {
        return running ? deadline : Long.MAX_VALUE;
    }
}
