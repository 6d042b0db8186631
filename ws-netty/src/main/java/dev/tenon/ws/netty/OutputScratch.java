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

    /** Null until the first use, and while a connection has it. */
    private @Nullable ByteBuffer idle;

    private boolean lent;

    /** Returns the empty array, or null if another connection has it. The caller gives it back soon. */
    @Nullable
    ByteBuffer take() {
        if (lent) {
            return null;
        }
        lent = true;
        ByteBuffer known = idle;
        idle = null;
        return known == null ? ByteBuffer.allocate(LENGTH) : known.clear();
    }

    /** Takes the array back. */
    void giveBack(ByteBuffer array) {
        idle = array;
        lent = false;
    }
}
