package dev.tenon.ws.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * The buffers that the kernel receives into. All sockets of a selector share them. The kernel fills one buffer after
 * the other, piece by piece; the pieces of one buffer may belong to different sockets. A buffer returns to the kernel
 * when it is full and all of its bytes are released.
 *
 * <pre>
 *     buffer    taken ░░░░ held ▓▓▓▓▓▓ filled ┤ the kernel's
 *                  └ unread counts the bytes that are held ┘
 * </pre>
 *
 * For the selector's thread.
 */
final class ReceiveBuffers {
    static final int COUNT = 32;
    static final int SIZE = 64 * 1024;

    private static final int ENTRY = 16;
    /** The kernel wants the ring at the beginning of a page. Some systems on aarch64 have pages of 64 KiB. */
    private static final int LARGEST_PAGE = 64 * 1024;
    /** The tail of the ring is in the last two bytes of the first entry. */
    private static final int TAIL = 14;

    private static final VarHandle SHORT = JAVA_SHORT.varHandle();

    private final Arena arena = Arena.ofShared();
    private final MemorySegment ring = arena.allocate((long) COUNT * ENTRY, LARGEST_PAGE);
    private final MemorySegment memory = arena.allocate((long) COUNT * SIZE, 4096);
    private final ByteBuffer bytes = memory.asByteBuffer();
    private final int[] filled = new int[COUNT];
    private final int[] unread = new int[COUNT];
    private final boolean[] full = new boolean[COUNT];
    private short tail;
    /** The number of buffers that the kernel has. */
    private int available;

    ReceiveBuffers(RingFile owner) throws IOException {
        ring.fill((byte) 0);
        for (int i = 0; i < COUNT; i++) {
            provide(i);
        }
        try {
            owner.register(ring, COUNT);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** Gives a buffer to the kernel. */
    private void provide(int buffer) {
        filled[buffer] = 0;
        full[buffer] = false;
        long entry = (long) (tail & COUNT - 1) * ENTRY;
        ring.set(JAVA_LONG, entry, memory.address() + (long) buffer * SIZE);
        ring.set(JAVA_INT, entry + 8, SIZE);
        ring.set(JAVA_SHORT, entry + 12, (short) buffer);
        SHORT.setRelease(ring, (long) TAIL, ++tail);
        available++;
    }

    /**
     * Records that the kernel has put bytes into a buffer, behind its earlier bytes.
     *
     * @param buffer the buffer's number
     * @param length the number of bytes
     * @param more whether the kernel will put more bytes into this buffer
     * @return the index of the first byte in {@link #bytes}; the bytes are held until they are {@linkplain #release
     *     released}
     */
    int received(int buffer, int length, boolean more) {
        int begin = buffer * SIZE + filled[buffer];
        filled[buffer] += length;
        unread[buffer] += length;
        if (!more) {
            full[buffer] = true;
            available--;
            provideIfDone(buffer);
        }
        return begin;
    }

    /** Copies held bytes into a buffer, at its position. */
    void copy(int begin, ByteBuffer into, int length) {
        int position = into.position();
        into.put(position, bytes, begin, length);
        into.position(position + length);
    }

    /** Releases held bytes. */
    void release(int begin, int length) {
        int buffer = begin / SIZE;
        unread[buffer] -= length;
        provideIfDone(buffer);
    }

    private void provideIfDone(int buffer) {
        if (unread[buffer] == 0 && full[buffer]) {
            provide(buffer);
        }
    }

    /** Whether the kernel has a buffer left. */
    boolean hasRoom() {
        return available > 0;
    }

    /** Frees the memory of the buffers. The kernel must not use them any more. */
    void close() {
        arena.close();
    }
}
