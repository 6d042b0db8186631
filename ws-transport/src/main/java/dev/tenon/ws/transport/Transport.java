package dev.tenon.ws.transport;

import dev.tenon.ws.connection.Wire;
import dev.tenon.ws.connection.Workspace;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What carries the bytes of a {@link Protocol}: a {@link Link}, or something in memory in a test. Belongs to one thread,
 * its loop's; {@link #inLoop}, {@link #execute}, {@link #backlog} and {@link #isClosed} may be called from any.
 */
public interface Transport extends Wire {
    /**
     * Whether the bytes travel inside TLS.
     *
     * @return true with TLS
     */
    boolean isSecure();

    /**
     * What TLS has negotiated.
     *
     * @return the session, or null without TLS
     */
    @Nullable
    SSLSession session();

    /**
     * Whether nothing can be sent or received any more.
     *
     * @return true from the moment of closing on, even if the protocol has not been told yet
     */
    boolean isClosed();

    /**
     * Replaces the protocol; the new one takes all that comes from now on.
     *
     * @param next the protocol that takes over
     */
    void switchTo(Protocol next);

    /** Stops reading, until {@link #resume()}; what the protocol has left in its input is kept. */
    void pauseInput();

    /**
     * Closes at once, because something that was called for this transport has thrown.
     *
     * @param cause what was thrown
     */
    void failed(Throwable cause);

    /**
     * Whether the caller runs on the loop of this transport.
     *
     * @return true on the loop's own thread
     */
    boolean inLoop();

    /**
     * Runs a task on the loop. What the task throws closes this transport.
     *
     * @param task what to run
     * @throws RejectedExecutionException if the loop has stopped
     */
    void execute(Runnable task);

    /**
     * What the connections of this loop share.
     *
     * @return the workspace; for the loop's thread only
     */
    Workspace workspace();

    /**
     * What is counted on this loop.
     *
     * @return the counters, to be written on the loop only
     */
    LoopCounters counters();
}
