package dev.tenon.ws.connection;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/** The time between the newest ping of an application and its pong. Exists only where one was sent. */
final class RoundTrip {
    private byte[] awaited = {};
    private long sentAt = Wire.NO_CLOCK;
    private long nanos = -1;

    /** A ping is about to leave; its payload is left as it is. */
    void ping(ByteBuffer payload, long nowNanos) {
        awaited = new byte[payload.remaining()];
        payload.get(payload.position(), awaited);
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
