package dev.tenon.ws.transport;

import dev.tenon.ws.connection.ThreadContext;
import dev.tenon.ws.connection.Wire;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Transports the bytes of a {@link Protocol}: a {@link Link}, or an implementation in memory for tests. Belongs to the
 * thread of its loop; {@link #inLoop}, {@link #execute}, {@link #backlog} and {@link #isClosed} may be called from any.
 */
public interface Transport extends Wire {
    /**
     * Whether the transport uses TLS.
     *
     * @return true with TLS
     */
    boolean isSecure();

    /**
     * The TLS session.
     *
     * @return the session, or null without TLS
     */
    @Nullable
    SSLSession session();

    /**
     * Whether the transport is closed.
     *
     * @return true as soon as it closes, even before the protocol has been notified
     */
    boolean isClosed();

    /**
     * Replaces the protocol; the new one receives all further events.
     *
     * @param next the new protocol
     */
    void switchTo(Protocol next);

    /** Sends the bytes that were written during this event. Those that the peer does not take count as {@link #backlog}. */
    void flush();

    /** Stops reading until {@link #resume()}; bytes that the protocol has left in its input are kept. */
    void pauseInput();

    /**
     * Closes at once after an exception in a callback of this transport.
     *
     * @param cause the exception
     */
    void failed(Throwable cause);

    /**
     * Whether the caller runs on the loop of this transport.
     *
     * @return true on the loop's own thread
     */
    boolean inLoop();

    /**
     * Runs a task on the loop. An exception of the task closes this transport.
     *
     * @param task the task
     * @throws RejectedExecutionException if the loop has stopped
     */
    void execute(Runnable task);

    /**
     * The thread context that the connections of this loop share.
     *
     * @return the thread context; for the loop's thread only
     */
    ThreadContext threadContext();

    /**
     * The counters of this loop.
     *
     * @return the counters; only the loop may write them
     */
    LoopCounters counters();
}
