package dev.tenon.ws.connection;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Pings of this end's own, and the pong that waits while too much else does. Exists only where there was one of either.
 */
final class Pings {
    private byte[] awaited = {};
    private long sentAt = Wire.NO_CLOCK;
    private long roundTrip = -1;
    /** How many pings may still be answered: an answer may come late, behind other frames. */
    private int unanswered;

    private @Nullable ByteBuffer pending;

    /** A ping has left; its payload is kept, and changed by nobody. */
    void sent(byte[] payload, long nowNanos) {
        awaited = payload;
        sentAt = nowNanos;
        if (unanswered < Integer.MAX_VALUE) {
            unanswered++;
        }
    }

    /** A pong has come, perhaps for a ping. */
    void answered(ByteBuffer payload, long nowNanos) {
        if (sentAt != Wire.NO_CLOCK && payload.equals(ByteBuffer.wrap(awaited))) {
            roundTrip = nowNanos - sentAt;
            sentAt = Wire.NO_CLOCK;
        }
    }

    /** Whether a pong can be the answer to a ping; it is taken for that then. */
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

    /** Keeps a pong, in place of one that waits already (RFC 6455 §5.5.3). */
    void postpone(ByteBuffer payload) {
        pending = ByteBuffer.allocate(payload.remaining())
                .put(payload.duplicate())
                .flip();
    }

    /** The pong that waits, which waits no longer; null if there is none. */
    @Nullable
    ByteBuffer takePending() {
        ByteBuffer pong = pending;
        pending = null;
        return pong;
    }
}
