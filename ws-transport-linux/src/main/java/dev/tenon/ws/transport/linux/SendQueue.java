package dev.tenon.ws.transport.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes that the sockets of a selector send with the next system call. Each write copies its bytes behind those of
 * the write before, and the whole memory is free again after the call:
 *
 * <pre>
 *     | bytes of one socket | bytes of another socket | free |
 *                                                     used   SIZE
 * </pre>
 *
 * For the selector's thread.
 */
final class SendQueue {
    private static final int SIZE = 256 * 1024;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate(SIZE, 4096);
    private final ByteBuffer bytes = memory.asByteBuffer();
    private final List<UringKey> keys = new ArrayList<>();
    /** How many of the keys have a request for their bytes. */
    private int prepared;

    private int used;
    private long since;

    boolean isEmpty() {
        return keys.isEmpty();
    }

    /** Whether more bytes can be added. There is no room while the kernel has taken some of the requests only. */
    boolean hasRoomFor(int length) {
        return prepared == 0 && SIZE - used >= length;
    }

    /** Whether a key still needs a request. */
    boolean hasNext() {
        return prepared < keys.size();
    }

    /** Returns the next key that needs a request. */
    UringKey next() {
        return keys.get(prepared++);
    }

    /** Whether the bytes of a write would directly follow the bytes that end at an index. */
    boolean endsAt(int index) {
        return index == used;
    }

    /** Adds a key that had no bytes in this queue. Returns the index of its next byte. */
    int add(UringKey key) {
        if (keys.isEmpty()) {
            since = System.nanoTime();
        }
        keys.add(key);
        return used;
    }

    /** Copies bytes behind all others, and moves their position. */
    void copy(ByteBuffer from) {
        int length = from.remaining();
        bytes.put(used, from, from.position(), length);
        from.position(from.limit());
        used += length;
    }

    /** Whether the first bytes have waited for this time. */
    boolean isOlderThan(long nanos) {
        return !keys.isEmpty() && System.nanoTime() - since > nanos;
    }

    long address(int index) {
        return memory.address() + index;
    }

    /** Returns a part of the bytes. The buffer is valid until the memory is used for other bytes. */
    ByteBuffer slice(int index, int length) {
        return bytes.slice(index, length);
    }

    /** Forgets all bytes: all requests are complete. */
    void end() {
        for (int i = 0; i < keys.size(); i++) {
            keys.get(i).output.onSubmitted();
        }
        keys.clear();
        prepared = 0;
        used = 0;
    }

    void close() {
        arena.close();
    }
}
