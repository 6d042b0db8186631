package dev.tenon.ws.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The two queues of an {@code io_uring}: requests to the kernel, and completions from the kernel.
 *
 * <pre>
 *     requests       head (kernel) ── submitted ── tail ── not submitted ── room
 *     completions    head ── not processed ── tail (kernel)
 * </pre>
 *
 * The ring belongs to the thread that first calls {@link #enter}. The kernel does the work of the requests only while
 * that thread is inside {@code enter} ({@code IORING_SETUP_DEFER_TASKRUN}). So between two calls the kernel receives
 * nothing and completes nothing, and no lock is needed. Any thread may call {@link #close} while no other thread uses
 * the ring.
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

    /** The received bytes are in a buffer of the ring of buffers. */
    static final int BUFFER = 1;
    /** The request continues; more completions will follow. */
    static final int MORE = 1 << 1;
    /** The kernel will put more bytes into the same buffer. */
    static final int BUFFER_MORE = 1 << 4;

    static final int POLL_IN = 0x1;
    static final int POLL_OUT = 0x4;

    private static final long SYS_SETUP = 425;
    private static final long SYS_ENTER = 426;
    private static final long SYS_REGISTER = 427;

    private static final int SETUP = 1 << 3 // CQSIZE
            | 1 << 4 // CLAMP
            | 1 << 6 // R_DISABLED
            | 1 << 7 // SUBMIT_ALL
            | 1 << 12 // SINGLE_ISSUER
            | 1 << 13 // DEFER_TASKRUN
            | 1 << 16; // NO_SQARRAY
    private static final int FEATURES = 1 // SINGLE_MMAP
            | 1 << 1 // NODROP
            | 1 << 8; // EXT_ARG
    private static final int ENTER_GETEVENTS = 1;
    private static final int ENTER_EXT_ARG = 1 << 3;
    private static final int REGISTER_ENABLE_RINGS = 12;
    private static final int REGISTER_PBUF_RING = 22;

    private static final byte OP_POLL_ADD = 6;
    private static final byte OP_ASYNC_CANCEL = 14;
    private static final byte OP_RECV = 27;
    private static final byte SQE_BUFFER_SELECT = 1 << 5;
    private static final short RECV_POLL_FIRST = 1;
    private static final short RECV_MULTISHOT = 1 << 1;
    private static final int POLL_ADD_MULTI = 1;
    private static final int CANCEL_ALL = 1;
    private static final int CANCEL_ANY = 1 << 2;

    private static final int SQE = 64;
    private static final int CQE = 16;
    private static final long SQES_OFFSET = 0x10000000L;
    private static final VarHandle INT = JAVA_INT.varHandle();

    private final Arena arena = Arena.ofShared();
    private final int fd;
    private final MemorySegment rings;
    private final MemorySegment sqes;
    private final long requestTail;
    private final int requestMask;
    private final long requestFlags;
    private final long completionHead;
    private final long completionTail;
    private final long cqes;
    private final int completionMask;
    private final MemorySegment wait;
    private final MemorySegment state;

    private boolean enabled;
    private int head;
    private int tail;
    /** The value of {@code tail} up to which the requests are submitted. */
    private int submitted;

    /**
     * Opens a ring.
     *
     * @param requests how many requests fit between two calls of {@link #enter}
     * @param completions the size of the completion queue
     */
    Ring(int requests, int completions) throws IOException {
        state = arena.allocate(Libc.state());
        wait = arena.allocate(40, 8);
        wait.set(JAVA_LONG, 16, wait.address() + 24);
        MemorySegment parameters = arena.allocate(120, 8);
        parameters.set(JAVA_INT, 4, completions);
        parameters.set(JAVA_INT, 8, SETUP);
        fd = Libc.syscall(state, SYS_SETUP, requests, parameters.address(), 0, 0, 0, 0);
        if (fd < 0) {
            arena.close();
            throw Errno.of("io_uring_setup", -fd);
        }
        try {
            if ((parameters.get(JAVA_INT, 20) & FEATURES) != FEATURES) {
                throw new IOException("io_uring_setup: the kernel lacks features");
            }
            int entries = parameters.get(JAVA_INT, 0);
            int completionEntries = parameters.get(JAVA_INT, 4);
            cqes = parameters.get(JAVA_INT, 80 + 20);
            rings = map(cqes + (long) completionEntries * CQE, 0);
            sqes = map((long) entries * SQE, SQES_OFFSET);
            requestTail = parameters.get(JAVA_INT, 40 + 4);
            requestFlags = parameters.get(JAVA_INT, 40 + 16);
            completionHead = parameters.get(JAVA_INT, 80);
            completionTail = parameters.get(JAVA_INT, 80 + 4);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
        requestMask = rings.get(JAVA_INT, parameters.get(JAVA_INT, 40 + 8));
        completionMask = rings.get(JAVA_INT, parameters.get(JAVA_INT, 80 + 8));
    }

    @SuppressWarnings("restricted") // the length is computed from the kernel's parameters
    private MemorySegment map(long length, long offset) throws IOException {
        int readAndWrite = 3;
        int shared = 0x8001; // MAP_SHARED | MAP_POPULATE
        long address = Libc.mmap(length, readAndWrite, shared, fd, offset);
        if (address < 0 && address > -4096) {
            throw Errno.of("mmap of an io_uring", (int) -address);
        }
        return MemorySegment.ofAddress(address).reinterpret(length, arena, mapped -> {
            Libc.munmap(mapped.address(), length);
        });
    }

    /** Registers a ring of buffers as group 0. The kernel fills each buffer piece by piece. */
    void register(MemorySegment buffers, int entries) throws IOException {
        int incremental = 2;
        MemorySegment registration = arena.allocate(40, 8);
        registration.set(JAVA_LONG, 0, buffers.address());
        registration.set(JAVA_INT, 8, entries);
        registration.set(JAVA_SHORT, 14, (short) incremental);
        int result = Libc.syscall(state, SYS_REGISTER, fd, REGISTER_PBUF_RING, registration.address(), 1, 0, 0);
        if (result < 0) {
            throw Errno.of("registering buffers with an io_uring", -result);
        }
    }

    // Requests

    /** Whether this number of requests can be queued before the next {@link #enter}. */
    boolean hasRoomFor(int requests) {
        return tail - submitted + requests <= requestMask + 1;
    }

    /**
     * Queues the next request: clears it, and sets its operation, its descriptor and its user data. Returns its offset.
     */
    private long next(byte operation, int socket, long data) {
        if (!hasRoomFor(1)) {
            throw new IllegalStateException("no room for another request");
        }
        long place = (long) (tail++ & requestMask) * SQE;
        sqes.asSlice(place, SQE).fill((byte) 0);
        sqes.set(JAVA_BYTE, place, operation);
        sqes.set(JAVA_INT, place + 4, socket);
        sqes.set(JAVA_LONG, place + 32, data);
        return place;
    }

    /**
     * Queues a request that receives repeatedly into buffers of group 0, until the kernel ends it.
     *
     * @param empty whether the socket probably has no input yet, so that the kernel polls before it receives
     */
    void receive(int socket, boolean empty, long data) {
        long place = next(OP_RECV, socket, data);
        sqes.set(JAVA_BYTE, place + 1, SQE_BUFFER_SELECT);
        sqes.set(JAVA_SHORT, place + 2, empty ? (short) (RECV_MULTISHOT | RECV_POLL_FIRST) : RECV_MULTISHOT);
    }

    /** Queues a poll that completes once. */
    void poll(int descriptor, int events, long data) {
        long place = next(OP_POLL_ADD, descriptor, data);
        sqes.set(JAVA_INT, place + 28, events);
    }

    /** Queues a poll that completes at each new event. */
    void pollAlways(int descriptor, int events, long data) {
        long place = next(OP_POLL_ADD, descriptor, data);
        sqes.set(JAVA_INT, place + 24, POLL_ADD_MULTI);
        sqes.set(JAVA_INT, place + 28, events);
    }

    /** Queues the cancellation of the request with the given user data. Both requests complete. */
    void cancel(long request, long data) {
        long place = next(OP_ASYNC_CANCEL, -1, data);
        sqes.set(JAVA_LONG, place + 16, request);
    }

    /** Queues the cancellation of all requests. Each of them completes. */
    void cancelAll(long data) {
        long place = next(OP_ASYNC_CANCEL, -1, data);
        sqes.set(JAVA_INT, place + 28, CANCEL_ALL | CANCEL_ANY);
    }

    /**
     * Submits the queued requests and waits for completions.
     *
     * @param least how many completions to wait for
     * @param nanos how long to wait; negative means without limit
     * @return false if the time is over, a signal has interrupted the thread, or the kernel is busy or lacks memory
     * @throws IOException if the kernel refuses
     */
    boolean enter(int least, long nanos) throws IOException {
        if (!enabled) {
            enable();
        }
        INT.setRelease(rings, requestTail, tail);
        int flags = ENTER_GETEVENTS;
        long argument = 0;
        long length = 0;
        if (least > 0 && nanos >= 0) {
            wait.set(JAVA_LONG, 24, nanos / 1_000_000_000);
            wait.set(JAVA_LONG, 32, nanos % 1_000_000_000);
            flags |= ENTER_EXT_ARG;
            argument = wait.address();
            length = 24;
        }
        int result = Libc.syscall(state, SYS_ENTER, fd, tail - submitted, least, flags, argument, length);
        if (result >= 0) {
            submitted += result;
            return true;
        }
        // On an error nothing was submitted; else the kernel would return the number of requests
        if (result == -Errno.ETIME || result == -Errno.EINTR || result == -Errno.EAGAIN || result == -Errno.EBUSY) {
            return false;
        }
        throw Errno.of("io_uring_enter", -result);
    }

    private void enable() throws IOException {
        int result = Libc.syscall(state, SYS_REGISTER, fd, REGISTER_ENABLE_RINGS, 0, 0, 0, 0);
        if (result < 0) {
            throw Errno.of("enabling an io_uring", -result);
        }
        enabled = true;
    }

    // Completions

    /** Processes all available completions. Returns their number. */
    int take(Completions completions) {
        int end = (int) INT.getAcquire(rings, completionTail);
        int count = end - head;
        while (head != end) {
            long place = cqes + (long) (head & completionMask) * CQE;
            long data = rings.get(JAVA_LONG, place);
            int result = rings.get(JAVA_INT, place + 8);
            int flags = rings.get(JAVA_INT, place + 12);
            head++;
            completions.completed(data, result, flags);
        }
        if (count > 0) {
            INT.setRelease(rings, completionHead, head);
        }
        return count;
    }

    /** Whether the kernel holds completions that do not fit into the completion queue. */
    boolean hasOverflow() {
        int overflow = 1 << 1;
        return ((int) INT.getAcquire(rings, requestFlags) & overflow) != 0;
    }

    boolean isEnabled() {
        return enabled;
    }

    /** Closes the ring and frees its memory. The kernel cancels incomplete requests at some later time. */
    void close() {
        Libc.close(fd);
        arena.close();
    }
}
