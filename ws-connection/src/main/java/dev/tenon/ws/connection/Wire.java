package dev.tenon.ws.connection;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Carries the bytes of a {@link Connection}. A transport implements it. The connection calls it on the connection's own
 * thread, unless a method says otherwise. Bytes are sent in the order of the calls. The wire decides when it sends
 * them, so it can send all bytes of one event in one write.
 *
 * <p>A wire never calls the connection from inside one of these methods; it calls the connection later. Each of {@link
 * #finish}, {@link #shutdownOutput} and {@link #abort} may be called more than once, and after another of them.
 */
public interface Wire {
    /** The largest length that the connection passes to {@link #reserve}, in bytes. */
    int MAX_RESERVE = 16 * 1024;

    /** The value that {@link #nanoTime} returns if there is no clock. */
    long NO_CLOCK = Long.MIN_VALUE;

    /**
     * Returns a buffer with room for bytes that the connection writes at the buffer's position. All bytes between the
     * old and the new position count as written, without a further call. The buffer belongs to the wire; the connection
     * does not use it after the next call of any method.
     *
     * @param length how many bytes of room are needed, at most {@link #MAX_RESERVE}
     * @return a writable buffer with at least that many bytes remaining
     */
    ByteBuffer reserve(int length);

    /**
     * Writes bytes directly from the given buffer, after all earlier bytes.
     *
     * @param bytes from position to limit; consumed when this returns, because the wire has sent or copied them, or does
     *     so at the end of {@link #gather}. The wire does not change the bytes, because other connections may be sending
     *     the same bytes
     */
    void write(ByteBuffer bytes);

    /**
     * Writes a frame that many connections send and that never changes, after all earlier bytes.
     *
     * @param frame from position to limit; the same object for all connections, on all threads, so the wire changes
     *     neither its position nor its bytes. Unlike in {@link #write}, the wire may keep a duplicate until the frame has
     *     been sent, instead of a copy. The default implementation calls {@code write} with a duplicate
     */
    default void writeShared(ByteBuffer frame) {
        write(frame.duplicate());
    }

    /**
     * Writes the fragments of a long message. The bytes that they give to {@link #write} stay unchanged until this
     * returns, so the wire may send them together at the end. The default implementation only runs the task.
     *
     * @param fragments writes the fragments; run once, before this returns
     */
    default void gather(Runnable fragments) {
        fragments.run();
    }

    /**
     * Returns how many bytes wait because the peer is slower than this end. Bytes that the wire has not tried to send
     * yet do not count. Safe from any thread.
     *
     * @return bytes
     */
    long backlog();

    /**
     * Returns how many bytes have left so far. The connection compares it with an earlier value, to see whether a slow
     * peer takes anything. A wire implements it if it counts the {@link #backlog()} in other bytes than those that the
     * connection writes, for example in those of TLS.
     *
     * @return bytes; negative, the default, if the bytes that have left are the written ones without the backlog
     */
    default long left() {
        return -1;
    }

    /**
     * Returns whether no more bytes can be sent, because the transport has failed or is closed. {@link
     * Connection#ended} follows if it has not been called yet. Safe from any thread.
     *
     * @return true from the failure on; the default implementation always returns false
     */
    default boolean isBroken() {
        return false;
    }

    /**
     * Returns the address of the other end. Called once, when the connection is created.
     *
     * @return the address, or null, the default, if there is none
     */
    default @Nullable SocketAddress remoteAddress() {
        return null;
    }

    /**
     * The connection holds back more or fewer bytes, because enough bytes wait on this wire already. These bytes are
     * fragments of a long message, which the connection writes when there is room. A wire with a memory limit counts
     * them in the same way as its own backlog. The default implementation does nothing.
     *
     * @param change how many more bytes, negative for fewer; no bytes are held back any more when {@link
     *     Connection#ended} has returned
     */
    default void heldBack(long change) {}

    /**
     * The connection begins or ends to hold back a frame that it will give to {@link #writeShared}, because enough
     * bytes wait on this wire already. The frame is in memory once, however many connections hold it back. They are
     * released in the order in which they were held back. The default implementation does nothing.
     *
     * @param frame the frame, which the wire does not change
     * @param held true at the beginning, false at the end; no frame is held back any more when {@link Connection#ended}
     *     has returned
     */
    default void heldBack(ByteBuffer frame, boolean held) {}

    /** Closes the transport once all written bytes have been sent. {@link Connection#ended} follows. */
    void finish();

    /**
     * Ends the outbound direction once all written bytes have been sent. The wire still passes input to {@link
     * Connection#receive}, which drops it. So the peer reads the Close frame before it gets a reset.
     */
    void shutdownOutput();

    /** Closes the transport at once and drops all bytes that have not been sent. {@link Connection#ended} follows. */
    void abort();

    /** {@link Connection#isReadyForInput()} has become true again. The wire first passes the bytes that remained before. */
    void resume();

    /**
     * Returns the current time on the clock of {@link Connection#tick}. The connection calls it only when it sends a
     * ping and when a frame without content arrives.
     *
     * @return nanoseconds, or {@link #NO_CLOCK}, the default, with which round trips are not measured
     */
    default long nanoTime() {
        return NO_CLOCK;
    }

    /**
     * {@link Connection#nextDeadline()} may be earlier than before, because the application closes the connection.
     * Calls of the transport itself, such as {@code receive}, may also move the deadline without this call. The default
     * implementation does nothing, for a transport that checks the deadline often enough.
     */
    default void updateDeadline() {}
}
