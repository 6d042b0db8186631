package dev.tenon.ws.connection;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/** The time between the newest ping and its pong. Exists only where one was sent. */
final class RoundTrip {
    private byte[] awaited = {};
    private long sentAt = Wire.NO_CLOCK;
    private long nanos = -1;

    /** A ping has left; its payload is kept, and changed by nobody. */
    void ping(byte[] payload, long nowNanos) {
        awaited = payload;
        sentAt = nowNanos;
    }

    /** A pong has come, perhaps for the ping. */
    void pong(ByteBuffer payload, long nowNanos) {
        if (sentAt != Wire.NO_CLOCK && payload.equals(ByteBuffer.wrap(awaited))) {
            nanos = nowNanos - sentAt;
            sentAt = Wire.NO_CLOCK;
        }
    }

    Optional<Duration> newest() {
        return nanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
    }
}
