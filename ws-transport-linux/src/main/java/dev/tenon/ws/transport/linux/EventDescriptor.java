package dev.tenon.ws.transport.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** An {@code eventfd} with which other threads wake a selector. Thread-safe. */
final class EventDescriptor {
    private static final int EFD_FLAGS = 0x800 | 0x80000; // EFD_NONBLOCK | EFD_CLOEXEC
    private static final MemorySegment ONE = one();

    /** Any thread may wake a selector, among them many short ones: none of them needs memory of its own for that. */
    private final MemorySegment state = Arena.ofAuto().allocate(Libc.state());

    private int fd;

    EventDescriptor() throws IOException {
        fd = Libc.eventfd(0, EFD_FLAGS);
        if (fd < 0) {
            throw Errno.of("eventfd", -fd);
        }
    }

    private static MemorySegment one() {
        MemorySegment one = Arena.global().allocate(8, 8);
        one.set(ValueLayout.JAVA_LONG, 0, 1);
        return one;
    }

    synchronized int number() {
        return fd;
    }

    synchronized void signal() {
        if (fd >= 0) {
            Libc.write(state, fd, ONE.address(), 8);
        }
    }

    synchronized void close() {
        if (fd >= 0) {
            Libc.close(fd);
            fd = -1;
        }
    }
}
