package dev.tenon.ws.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What is spoken over a {@link Link} at the moment: HTTP first, then WebSocket. All calls come from the link's event
 * loop and never overlap. Call grammar: {@code opened (received | writable | tick)* inputEnded? tick* closed}, where a
 * protocol that takes over from another is not {@code opened} again.
 */
public interface Protocol {
    /** The link is connected and, with TLS, its handshake has succeeded. */
    default void opened() {}

    /**
     * Bytes have come.
     *
     * @param input from position to limit, writable, borrowed until this returns. What is left in it comes again, with
     *     more behind it if the link is not {@linkplain Link#pauseInput() paused}
     */
    void received(ByteBuffer input);

    /** The peer has ended its direction. */
    void inputEnded();

    /** Some of what waited to be sent has left. */
    default void progressed() {}

    /** All that waited to be sent has left. */
    default void writable() {}

    /**
     * Does what is due at a point of time.
     *
     * @param nowNanos nanoseconds on the event loop's clock, {@link System#nanoTime()}
     */
    void tick(long nowNanos);

    /**
     * When {@link #tick} has to be called next. The link reads it after every event of this protocol, and when the peer
     * begins to be slow; if something else brings it nearer, call {@link Transport#updateDeadline()}. Ticks come up to a quarter
     * of a second late, never early.
     *
     * @return nanoseconds on the clock of {@link #tick}; {@link Long#MIN_VALUE} (the default) for the next turn of the
     *     wheel, about eight times a second; {@link Long#MAX_VALUE} if nothing is due
     */
    default long nextDeadline() {
        return Long.MIN_VALUE;
    }

    /** The server or client is about to stop: end what is under way, in good order. */
    default void drain() {}

    /**
     * The link is closed: the last call.
     *
     * @param cause why, if it was not asked for
     */
    void closed(@Nullable IOException cause);
}
