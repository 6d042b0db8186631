package dev.tenon.ws.deflate;

import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The last bytes of a stream, up to a limit, in one array, because zlib needs a dictionary in one piece. Grows with its
 * content up to the limit. Not thread-safe.
 */
final class History {
    private static final byte[] NONE = {};
    private static final int SMALLEST = 256;

    private final int limit;
    private final int room;
    private byte[] bytes = NONE;
    private int from;
    private int length;

    History(int limit) {
        this(limit, limit);
    }

    /** A history whose array is longer than the limit, so that an addition rarely moves the bytes before it. */
    History(int limit, int room) {
        this.limit = limit;
        this.room = room;
    }

    int length() {
        return length;
    }

    int retained() {
        return bytes.length;
    }

    /** Adds the bytes of {@code source} between two indices; its position does not matter. */
    void append(ByteBuffer source, int begin, int to) {
        // Keep the last bytes: the end of the added ones, and before them the end of the present ones.
        int added = Math.min(to - begin, limit);
        int kept = Math.min(length, limit - added);
        from += length - kept;
        if (from + kept + added > bytes.length) {
            makeRoom(kept, added);
        }
        source.get(to - added, bytes, from + kept, added);
        length = kept + added;
    }

    private void makeRoom(int kept, int added) {
        byte[] old = bytes;
        int wanted = kept + added < limit ? kept + added : room;
        if (wanted > old.length) {
            int doubled = Math.max(Integer.highestOneBit(wanted - 1) << 1, SMALLEST);
            bytes = new byte[Math.min(doubled, room)];
        }
        System.arraycopy(old, from, bytes, 0, kept);
        from = 0;
    }

    /** The bytes; the view is valid until the next addition. */
    ByteBuffer view() {
        return ByteBuffer.wrap(bytes, from, length);
    }

    /** Forgets the bytes and keeps the array. */
    void clear() {
        from = 0;
        length = 0;
    }

    /** Forgets the bytes and frees the array. */
    void drop() {
        from = 0;
        length = 0;
        bytes = NONE;
    }

    /** Primes a deflater that has just been reset. */
    void prime(Deflater deflater) {
        if (length != 0) {
            deflater.setDictionary(bytes, from, length);
        }
    }

    /** Primes an inflater that has just been reset. */
    void prime(Inflater inflater) {
        if (length != 0) {
            inflater.setDictionary(bytes, from, length);
        }
    }
}
