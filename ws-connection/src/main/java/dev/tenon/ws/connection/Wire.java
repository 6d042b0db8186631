package dev.tenon.ws.connection;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What carries the bytes of a {@link Connection}: implemented by a transport, called by the connection, on the
 * connection's own thread unless a method says otherwise. Bytes leave in the order of the calls; when they leave is the wire's affair, so all that is
 * written while one event is handled can go out in one write.
 *
 * <p>A wire calls the connection from within none of these methods: what follows from them follows later. Each of
 * {@link #finish}, {@link #shutdownOutput} and {@link #abort} may be called more than once, and after another of them.
 */
public interface Wire {
    /** The most that {@link #reserve} is asked for, in bytes. */
    int MAX_RESERVE = 16 * 1024;

    /** What {@link #nanoTime} returns where there is no clock. */
    long NO_CLOCK = Long.MIN_VALUE;

    /**
     * Room for bytes that the connection writes at the buffer's position. What lies between the position before and
     * after counts as written, without a further call. The buffer is the wire's; the connection forgets it before the
     * next call of any kind.
     *
     * @param length how many bytes of room are needed, at most {@link #MAX_RESERVE}
     * @return a writable buffer with at least that much remaining
     */
    ByteBuffer reserve(int length);

    /**
     * Writes bytes from where they are, behind all that was written before.
     *
     * @param bytes from position to limit; used up when this returns: sent, or copied if they could not be. Not
     *     changed: others may be sending the same
     */
    void write(ByteBuffer bytes);

    /**
     * Writes bytes that nobody ever changes, behind all that was written before: a frame that many connections send.
     *
     * @param frame from position to limit, a view of the caller's own: its position may be changed, its bytes not. Unlike
     *     with {@link #write}, a wire may keep it until it has left, instead of a copy; by default it makes one
     */
    default void writeShared(ByteBuffer frame) {
        write(frame);
    }

    /**
     * How many bytes wait because the peer is slower than this end. Bytes that have not been tried yet do not count. Safe
     * from any thread.
     *
     * @return bytes
     */
    long backlog();

    /**
     * Whether nothing can leave any more, because the transport has failed or was closed. {@link Connection#ended}
     * follows, if it has not been called yet. Safe from any thread.
     *
     * @return true from the failure on; by default never
     */
    default boolean isBroken() {
        return false;
    }

    /**
     * The address of the other end. Asked once, when the connection is made.
     *
     * @return the address, or null, the default, if there is none
     */
    default @Nullable SocketAddress remoteAddress() {
        return null;
    }

    /**
     * The connection holds more bytes back, or fewer, because enough waits on this wire already: they are fragments of a
     * long message, which are written when there is room. They count for a bound on memory as what waits here does. By
     * default nothing happens, for a wire without such a bound.
     *
     * @param change how many bytes more, negative for fewer; none is held back any more when {@link Connection#ended} has
     *     returned
     */
    default void heldBack(long change) {}

    /** Closes once all that was written has left. {@link Connection#ended} follows. */
    void finish();

    /**
     * Ends the outbound direction once all that was written has left. Input goes on and is given to
     * {@link Connection#receive}, which drops it: so the peer reads the Close frame before it meets a reset.
     */
    void shutdownOutput();

    /** Closes at once; what has not left is dropped. {@link Connection#ended} follows. */
    void abort();

    /** {@link Connection#wantsInput()} has become true again: bytes that were left over come first. */
    void resume();

    /**
     * The time now, on the clock of {@link Connection#tick}. Read only when a ping leaves and when a control frame
     * comes.
     *
     * @return nanoseconds, or {@link #NO_CLOCK}, the default: round trips are not measured then
     */
    default long nanoTime() {
        return NO_CLOCK;
    }

    /**
     * {@link Connection#nextDeadline()} may have come nearer, because the application closes the connection. What the
     * transport itself calls, {@code receive} for example, may bring the deadline nearer without this call. By default
     * nothing happens, for a transport that asks often enough.
     */
    default void updateDeadline() {}
}
