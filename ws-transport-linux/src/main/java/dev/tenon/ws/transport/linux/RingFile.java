package dev.tenon.ws.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An {@code io_uring}: its descriptor, the memory that it shares with the kernel, and its system calls.
 *
 * <p>It belongs to the thread that first calls {@link #enter}. The kernel does the work of the requests only while that
 * thread is inside {@code enter} ({@code IORING_SETUP_DEFER_TASKRUN}). So between two calls the kernel receives nothing
 * and completes nothing, and no lock is needed. Any thread may call {@link #close} while no other thread uses the ring.
 */
final class RingFile {
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
            | 1 << 8 // EXT_ARG
            | 1 << 11; // CQE_SKIP
    private static final int ENTER_GETEVENTS = 1;
    private static final int ENTER_EXT_ARG = 1 << 3;
    private static final int REGISTER_ENABLE_RINGS = 12;
    private static final int REGISTER_PBUF_RING = 22;
    private static final long SQES_OFFSET = 0x10000000L;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment state = arena.allocate(Libc.state());
    private final MemorySegment wait = arena.allocate(40, 8);
    private final int fd;
    private boolean enabled;
    /** Whether the kernel has dropped a completion, so that this module no longer knows what it has received. */
    private boolean incomplete;

    /** The heads, tails and flags of both queues, and the completions. */
    final MemorySegment rings;

    final MemorySegment requests;
    /** The kernel's {@code io_sqring_offsets}. */
    final MemorySegment requestOffsets;
    /** The kernel's {@code io_cqring_offsets}. */
    final MemorySegment completionOffsets;

    /**
     * Opens a ring.
     *
     * @param entries how many requests fit between two calls of {@link #enter}
     * @param completions the size of the completion queue
     */
    RingFile(int entries, int completions) throws IOException {
        wait.set(JAVA_LONG, 16, wait.address() + 24);
        MemorySegment parameters = arena.allocate(120, 8);
        parameters.set(JAVA_INT, 4, completions);
        parameters.set(JAVA_INT, 8, SETUP);
        fd = Libc.syscall(state, SYS_SETUP, entries, parameters.address(), 0, 0, 0, 0);
        if (fd < 0) {
            arena.close();
            throw refused(-fd);
        }
        requestOffsets = parameters.asSlice(40, 40);
        completionOffsets = parameters.asSlice(80, 40);
        try {
            if ((parameters.get(JAVA_INT, 20) & FEATURES) != FEATURES) {
                throw new IOException("io_uring_setup: the kernel is too old, its io_uring lacks features");
            }
            long end = completionOffsets.get(JAVA_INT, 20) + (long) parameters.get(JAVA_INT, 4) * Ring.COMPLETION;
            rings = map(end, 0);
            requests = map((long) parameters.get(JAVA_INT, 0) * Requests.REQUEST, SQES_OFFSET);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private static IOException refused(int errno) {
        return errno == Errno.ENOMEM
                ? new IOException("io_uring_setup: " + Libc.describe(errno) + "; each selector needs 56 KiB of locked"
                        + " memory: raise its limit, ulimit -l")
                : Errno.of("io_uring_setup", errno);
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

    /** Allocates memory that is freed when the ring is closed. */
    MemorySegment allocate(long bytes, long alignment) {
        return arena.allocate(bytes, alignment);
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

    /**
     * Submits requests and waits for completions.
     *
     * @param submit how many requests to submit
     * @param least how many completions to wait for
     * @param nanos how long to wait; negative means without limit
     * @return how many requests were submitted, which may be fewer if the kernel is busy or lacks memory
     * @throws IOException if the kernel refuses
     */
    int enter(int submit, int least, long nanos) throws IOException {
        if (incomplete) {
            throw Errno.of("io_uring_enter", Errno.EBADR);
        }
        if (!enabled) {
            enable();
        }
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
        int result = Libc.syscall(state, SYS_ENTER, fd, submit, least, flags, argument, length);
        if (result >= 0) {
            return result;
        }
        incomplete |= result == -Errno.EBADR;
        // On an error nothing was submitted; else the kernel would return the number of requests
        if (result == -Errno.ETIME || result == -Errno.EINTR || result == -Errno.EAGAIN || result == -Errno.EBUSY) {
            return 0;
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

    boolean isEnabled() {
        return enabled;
    }

    /** Closes the ring and frees its memory. The kernel cancels incomplete requests at some later time. */
    void close() {
        Libc.close(fd);
        arena.close();
    }
}
