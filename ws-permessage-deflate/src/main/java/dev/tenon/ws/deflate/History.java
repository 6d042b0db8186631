package dev.tenon.ws.deflate;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The last bytes of a stream, up to a limit, in one piece, because that is how zlib wants a dictionary. Grows as it
 * fills, and never past the limit. Not thread-safe.
 */
final class History {
    private static final byte[] NONE = {};
    private static final int SMALLEST = 256;

    private final int limit;
    private byte[] bytes = NONE;
    private int length;

    History(int limit) {
        this.limit = limit;
    }

    int length() {
        return length;
    }

    int retained() {
        return bytes.length;
    }

    /** Adds what stands in {@code source} between two indices, whatever its position is. */
    void append(ByteBuffer source, int from, int to) {
        // What is kept is the end: first of what is added, then of what was there.
        int added = Math.min(to - from, limit);
        int kept = Math.min(length, limit - added);
        if (kept + added > bytes.length) {
            grow(kept + added);
        }
        if (kept < length) {
            System.arraycopy(bytes, length - kept, bytes, 0, kept);
        }
        source.get(to - added, bytes, kept, added);
        length = kept + added;
    }

    private void grow(int wanted) {
        int doubled = Math.max(Integer.highestOneBit(wanted - 1) << 1, SMALLEST);
        bytes = Arrays.copyOf(bytes, Math.min(doubled, limit));
    }

    /** The bytes, for as long as nothing is added. */
    ByteBuffer view() {
        return ByteBuffer.wrap(bytes, 0, length);
    }

    /** Forgets the bytes, and keeps the room. */
    void clear() {
        length = 0;
    }

    /** Forgets the bytes and the room. */
    void drop() {
        length = 0;
        bytes = NONE;
    }

    /** Primes a deflater that has just been reset. */
    void prime(Deflater deflater) {
        if (length != 0) {
            deflater.setDictionary(bytes, 0, length);
        }
    }

    /** Primes an inflater that has just been reset. */
    void prime(Inflater inflater) {
        if (length != 0) {
            inflater.setDictionary(bytes, 0, length);
        }
    }
}
