package dev.tenon.ws.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The two queues of an {@code io_uring}: {@link Requests} to the kernel, and completions from the kernel.
 *
 * <pre>
 *     completions    head ── not processed ── tail (kernel)
 * </pre>
 *
 * For the thread of the {@link RingFile}.
 */
final class Ring {
    /** Receives completions. */
    @FunctionalInterface
    interface Completions {
        /**
         * A request has completed, or has one of several results.
         *
         * @param data the user data of the request
         * @param result a number of bytes, a mask of events or {@code -errno}
         * @param flags {@link #BUFFER}, {@link #MORE}, {@link #BUFFER_MORE}, and a buffer's number from bit 16 on
         */
        void completed(long data, int result, int flags);
    }

    /** The size of a completion, in bytes. */
    static final int COMPLETION = 16;

    /** The received bytes are in a buffer of the ring of buffers. */
    static final int BUFFER = 1;
    /** The request continues; more completions will follow. */
    static final int MORE = 1 << 1;
    /** The kernel will put more bytes into the same buffer. */
    static final int BUFFER_MORE = 1 << 4;

    private static final int OVERFLOW = 1 << 1;
    private static final VarHandle INT = JAVA_INT.varHandle();

    private final RingFile file;
    private final Requests requests;
    private final MemorySegment rings;
    private final long flags;
    private final long headOffset;
    private final long tailOffset;
    private final long completions;
    private final int mask;
    private int head;

    /** Opens a ring; see {@link RingFile}. */
    Ring(int entries, int completionEntries) throws IOException {
        file = new RingFile(entries, completionEntries);
        requests = new Requests(file);
        rings = file.rings;
        flags = file.requestOffsets.get(JAVA_INT, 16);
        headOffset = file.completionOffsets.get(JAVA_INT, 0);
        tailOffset = file.completionOffsets.get(JAVA_INT, 4);
        mask = rings.get(JAVA_INT, file.completionOffsets.get(JAVA_INT, 8));
        completions = file.completionOffsets.get(JAVA_INT, 20);
    }

    RingFile file() {
        return file;
    }

    Requests requests() {
        return requests;
    }

    /**
     * Submits the queued requests and waits for completions.
     *
     * @param least how many completions to wait for
     * @param nanos how long to wait; negative means without limit
     * @throws IOException if the kernel refuses
     */
    void enter(int least, long nanos) throws IOException {
        requests.submitted(file.enter(requests.publish(), least, nanos));
    }

    /** Processes all available completions. If the handler throws, the next call processes those behind. */
    void take(Completions to) {
        int end = (int) INT.getAcquire(rings, tailOffset);
        if (head == end) {
            return;
        }
        try {
            while (head != end) {
                long place = completions + (long) (head & mask) * COMPLETION;
                long data = rings.get(JAVA_LONG, place);
                int result = rings.get(JAVA_INT, place + 8);
                int completionFlags = rings.get(JAVA_INT, place + 12);
                head++;
                to.completed(data, result, completionFlags);
            }
        } finally {
            INT.setRelease(rings, headOffset, head);
        }
    }

    /** Whether the kernel holds completions that do not fit into the completion queue. */
    boolean hasOverflow() {
        return ((int) INT.getAcquire(rings, flags) & OVERFLOW) != 0;
    }
}
