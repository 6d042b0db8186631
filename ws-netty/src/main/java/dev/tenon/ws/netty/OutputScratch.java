package dev.tenon.ws.netty;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The array in which a connection of an event loop gathers what it writes while it receives. From JDK 24 on, each
 * access to one of Netty's direct buffers costs a check (see {@link InputScratch}); one copy of all the gathered bytes
 * costs less. Only one connection has the array at a time, from its first write until it passes the bytes on. For the
 * event loop's own thread.
 */
final class OutputScratch {
    static final int LENGTH = 32 * 1024;

    private final ByteBuffer array = ByteBuffer.allocate(LENGTH);
    private boolean isTaken;

    /** Returns the empty array, or null if another connection has it. The caller gives it back soon. */
    @Nullable
    ByteBuffer take() {
        if (isTaken) {
            return null;
        }
        isTaken = true;
        return array.clear();
    }

    /** The connection that has the array needs it no longer. */
    void giveBack() {
        isTaken = false;
    }
}
