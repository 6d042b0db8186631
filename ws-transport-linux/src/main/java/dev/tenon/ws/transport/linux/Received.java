package dev.tenon.ws.transport.linux;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that are received for one socket and not yet read, in order: first bytes on the heap, then pieces of the
 * selector's buffers. For the selector's thread.
 */
final class Received {
    private static final long LENGTH = 0xFFFF_FFFFL;

    private final ReceiveBuffers buffers;
    private byte @Nullable [] heap;
    private int heapFrom;
    private int heapTo;
    /** The first piece: its index and its length. The length is 0 if there is no piece. */
    private int begin;

    private int length;
    /** Further pieces: the upper half is the index, the lower half is the length. */
    private long @Nullable [] more;

    private int moreFrom;
    private int moreTo;
    private int size;

    Received(ReceiveBuffers buffers) {
        this.buffers = buffers;
    }

    int size() {
        return size;
    }

    /** Adds bytes that the kernel has put into the selector's buffers. */
    void add(int from, int bytes) {
        size += bytes;
        if (length == 0) {
            begin = from;
            length = bytes;
        } else if (more == null && begin + length == from && sameBuffer(begin, from)) {
            length += bytes;
        } else {
            addPiece((long) from << 32 | bytes);
        }
    }

    private static boolean sameBuffer(int one, int other) {
        return one / ReceiveBuffers.SIZE == other / ReceiveBuffers.SIZE;
    }

    private void addPiece(long piece) {
        long[] pieces = more == null ? new long[4] : more;
        if (moreTo == pieces.length) {
            pieces = Arrays.copyOfRange(pieces, moreFrom, moreFrom + 2 * pieces.length);
            moreTo -= moreFrom;
            moreFrom = 0;
        }
        pieces[moreTo++] = piece;
        more = pieces;
    }

    /** Moves as many bytes into a buffer as it has room for. Returns their number. */
    int read(ByteBuffer into) {
        int read = 0;
        while (size > 0 && into.hasRemaining()) {
            read += heap != null ? readHeap(into) : readPiece(into);
        }
        return read;
    }

    private int readHeap(ByteBuffer into) {
        byte[] bytes = heap;
        int count = Math.min(into.remaining(), heapTo - heapFrom);
        if (bytes != null) {
            into.put(bytes, heapFrom, count);
        }
        heapFrom += count;
        size -= count;
        if (heapFrom == heapTo) {
            heap = null;
        }
        return count;
    }

    private int readPiece(ByteBuffer into) {
        int count = Math.min(into.remaining(), length);
        buffers.copy(begin, into, count);
        release(count);
        return count;
    }

    private void release(int count) {
        int from = begin;
        begin += count;
        length -= count;
        size -= count;
        if (length == 0) {
            nextPiece();
        }
        buffers.release(from, count);
    }

    private void nextPiece() {
        long[] pieces = more;
        if (pieces != null) {
            begin = (int) (pieces[moreFrom] >>> 32);
            length = (int) (pieces[moreFrom] & LENGTH);
            if (++moreFrom == moreTo) {
                more = null;
                moreFrom = 0;
                moreTo = 0;
            }
        }
    }

    /** Moves the bytes from the selector's buffers to the heap, because they may stay unread for a long time. */
    void moveToHeap() {
        if (length == 0) {
            return;
        }
        ByteBuffer all = ByteBuffer.allocate(size);
        read(all);
        heap = all.array();
        heapFrom = 0;
        heapTo = all.position();
        size = heapTo;
    }

    /** Takes over the bytes that another object holds on the heap. */
    void adopt(Received before) {
        heap = before.heap;
        heapFrom = before.heapFrom;
        heapTo = before.heapTo;
        size = before.size;
    }

    /** Drops all bytes and releases their buffers. */
    void clear() {
        heap = null;
        while (length > 0) {
            release(length);
        }
        size = 0;
    }
}
