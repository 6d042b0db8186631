package dev.tenon.ws.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The current protocol of a {@link Link}: HTTP first, then WebSocket. All calls come from the link's event loop and
 * never overlap. Call grammar: {@code opened (received | writable | tick)* inputEnded? tick* closed}, but
 * {@code opened} is not called for a protocol that replaces another one.
 */
public interface Protocol {
    /** The link is connected and, with TLS, its handshake has succeeded. */
    default void opened() {}

    /**
     * Bytes have arrived.
     *
     * @param input from position to limit, writable, borrowed until this returns. Bytes that are left in it are
     *     delivered again, with more behind them if the link is not {@linkplain Link#pauseInput() paused}
     */
    void received(ByteBuffer input);

    /** The peer has ended its direction. */
    void inputEnded();

    /** Some of the waiting bytes have been sent. */
    default void progressed() {}

    /** All waiting bytes have been sent. */
    default void writable() {}

    /**
     * Handles deadlines that are over.
     *
     * @param nowNanos nanoseconds on the event loop's clock, {@link System#nanoTime()}
     */
    void tick(long nowNanos);

    /**
     * The time at which {@link #tick} must be called next. The link reads it after every event of this protocol, and
     * when bytes begin to wait. If something else makes it earlier, call {@link Transport#updateDeadline()}. Ticks come
     * up to a quarter of a second late, never early.
     *
     * @return nanoseconds on the clock of {@link #tick}; {@link Long#MIN_VALUE} (the default) for the next turn of the
     *     wheel, about eight times a second; {@link Long#MAX_VALUE} if nothing is due
     */
    default long nextDeadline() {
        return Long.MIN_VALUE;
    }

    /** The server or client stops. The protocol must end gracefully. */
    default void drain() {}

    /**
     * The link is closed. The last call.
     *
     * @param cause the failure; null if this protocol has asked for the end
     */
    void closed(@Nullable IOException cause);
}
