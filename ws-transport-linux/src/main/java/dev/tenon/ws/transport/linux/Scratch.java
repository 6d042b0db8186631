package dev.tenon.ws.transport.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Memory of one thread for the arguments of system calls. The next call of this module on the same thread may overwrite
 * the contents. It is small until the thread copies bytes, because a process may have many threads that close channels.
 */
final class Scratch {
    /** The most buffers that one call sends. */
    static final int MOST_BUFFERS = 64;
    /** The most bytes that one call copies from heap buffers, or into one. */
    static final int COPY = 128 * 1024;

    private static final int IOVEC = 16;
    private static final int MESSAGE = 56;
    private static final ThreadLocal<Scratch> HERE = ThreadLocal.withInitial(Scratch::new);

    final MemorySegment state;
    /** Memory for an address or the value of a socket option. Its length is in {@link #length}. */
    final MemorySegment value;

    final MemorySegment length;
    private final MemorySegment iovecs;
    private final MemorySegment message;
    private @Nullable MemorySegment copy;
    private @Nullable ByteBuffer copyBuffer;

    private Scratch() {
        Arena arena = Arena.ofAuto();
        state = arena.allocate(Libc.state());
        value = arena.allocate(128, 8);
        length = arena.allocate(8, 8);
        iovecs = arena.allocate((long) MOST_BUFFERS * IOVEC, 8);
        message = arena.allocate(MESSAGE, 8);
        message.set(ValueLayout.JAVA_LONG, 16, iovecs.address());
    }

    static Scratch here() {
        return HERE.get();
    }

    private MemorySegment copy() {
        MemorySegment memory = copy;
        if (memory == null) {
            memory = Arena.ofAuto().allocate(COPY, 64);
            copy = memory;
        }
        return memory;
    }

    /** Memory for {@link #COPY} bytes that a call copies. */
    ByteBuffer copyBuffer() {
        ByteBuffer buffer = copyBuffer;
        if (buffer == null) {
            buffer = copy().asByteBuffer();
            copyBuffer = buffer;
        }
        return buffer;
    }

    long copyAddress() {
        return copy().address();
    }

    /** Sets one buffer of the next {@link #message}. */
    void buffer(int index, long address, long bytes) {
        iovecs.set(ValueLayout.JAVA_LONG, (long) index * IOVEC, address);
        iovecs.set(ValueLayout.JAVA_LONG, (long) index * IOVEC + 8, bytes);
    }

    /** Returns the address of a {@code struct msghdr} with the first {@code count} buffers. */
    long message(int count) {
        message.set(ValueLayout.JAVA_LONG, 24, count);
        return message.address();
    }

    /** Sets the length field that a call reads and overwrites. Returns its address. */
    long length(int bytes) {
        length.set(ValueLayout.JAVA_INT, 0, bytes);
        return length.address();
    }

    int length() {
        return length.get(ValueLayout.JAVA_INT, 0);
    }
}
