package dev.tenon.ws.connection;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The pings of this end, and the pong that waits while too many bytes wait. Created only when one of them exists. */
final class Pings {
    private byte[] awaited = {};
    private long sentAt = Wire.NO_CLOCK;
    private long roundTrip = -1;
    /** How many pings may still be answered. An answer may arrive late, after other frames. */
    private int unanswered;

    private @Nullable ByteBuffer pending;

    /** A ping has been sent. This object keeps the payload, which must not change. */
    void sent(byte[] payload, long nowNanos) {
        awaited = payload;
        sentAt = nowNanos;
        if (unanswered < Integer.MAX_VALUE) {
            unanswered++;
        }
    }

    /** A pong has arrived that may answer a ping. */
    void answered(ByteBuffer payload, long nowNanos) {
        if (sentAt != Wire.NO_CLOCK && payload.equals(ByteBuffer.wrap(awaited))) {
            roundTrip = nowNanos - sentAt;
            sentAt = Wire.NO_CLOCK;
        }
    }

    /** Returns whether a pong can be the answer to a ping, and counts it as the answer if it can. */
    boolean takesPong() {
        if (unanswered == 0) {
            return false;
        }
        unanswered--;
        return true;
    }

    Optional<Duration> roundTrip() {
        return roundTrip < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(roundTrip));
    }

    /** Stores a pong and replaces one that waits (RFC 6455 §5.5.3). */
    void postpone(ByteBuffer payload) {
        pending = ByteBuffer.allocate(payload.remaining())
                .put(payload.duplicate())
                .flip();
    }

    /** Removes and returns the pong that waits; null if there is none. */
    @Nullable
    ByteBuffer takePending() {
        ByteBuffer pong = pending;
        pending = null;
        return pong;
    }
}
