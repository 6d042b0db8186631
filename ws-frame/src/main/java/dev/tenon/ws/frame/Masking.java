package dev.tenon.ws.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * The XOR of RFC 6455 §5.3, in place and as fast as memory allows. Masking and unmasking are the same operation. A key
 * is an {@code int} whose top eight bits are the first byte on the wire.
 */
public final class Masking {
    /*
     * Longs through a VarHandle view: the compiler makes vectors of the loop over an array and, on newer JDKs, of the
     * one over a direct buffer. The last long is read before the loop and written after it, overlapping what the loop
     * wrote, so that nothing is left over for a loop over bytes. Copying and masking in one loop gained nothing that
     * lasted. Figures: benchmarks/README.md.
     */
    private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
    private static final VarHandle ARRAY_LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, NATIVE);

    /** Fewer bytes than this are masked, or copied into a direct buffer, long by long without a loop. */
    static final int FEW = 128;

    /** How many bytes are copied before they are masked, so that they are still in the first-level cache. */
    private static final int CHUNK = 8192;

    private Masking() {}

    /**
     * Masks or unmasks a part of a buffer in place. The buffer's position, limit and byte order are neither read nor
     * changed, except that {@code to} lies within the limit.
     *
     * @param buffer a writable buffer, heap or direct
     * @param from index of the first byte
     * @param to index after the last byte
     * @param key the masking key, as it applies to the byte at {@code from}: see {@link #advance}
     * @throws java.nio.ReadOnlyBufferException if the buffer is read-only and there is something to change
     * @throws IndexOutOfBoundsException if the range leaves the buffer
     */
    public static void apply(ByteBuffer buffer, int from, int to, int key) {
        Objects.checkFromToIndex(from, to, buffer.limit());
        if (key == 0) {
            return;
        }
        if (to - from >= Long.BYTES) {
            applyLongs(buffer, from, to, key);
        } else {
            applyBytes(buffer, from, to, key);
        }
    }

    private static void applyBytes(ByteBuffer buffer, int from, int to, int key) {
        for (int i = from, k = key; i < to; i++, k = advance(k, 1)) {
            buffer.put(i, (byte) (buffer.get(i) ^ (k >>> 24)));
        }
    }

    /**
     * This method is longer than HotSpot's limit for inlining (FreqInlineSize, 325 bytes of code), so HotSpot compiles
     * it separately: inlined deep in a caller, the accessors of the views would be calls. A few longs are masked one by
     * one, because a compiled loop begins with a dozen checks.
     */
    private static void applyLongs(ByteBuffer buffer, int from, int to, int key) {
        int length = to - from;
        long wide = wide(key);
        int last = to - Long.BYTES;
        long keyAtLast = wide(advance(key, last - from));
        if (length >= FEW && buffer.hasArray()) {
            byte[] array = buffer.array();
            int offset = buffer.arrayOffset();
            int lastOfArray = last + offset;
            long end = (long) ARRAY_LONGS.get(array, lastOfArray) ^ keyAtLast;
            for (int i = from + offset; i < lastOfArray; i += Long.BYTES) {
                ARRAY_LONGS.set(array, i, (long) ARRAY_LONGS.get(array, i) ^ wide);
            }
            ARRAY_LONGS.set(array, lastOfArray, end);
            return;
        }
        long end = (long) ByteViews.NATIVE_LONGS.get(buffer, last) ^ keyAtLast;
        if (length >= FEW) {
            for (int i = from; i < last; i += Long.BYTES) {
                ByteViews.NATIVE_LONGS.set(buffer, i, (long) ByteViews.NATIVE_LONGS.get(buffer, i) ^ wide);
            }
            ByteViews.NATIVE_LONGS.set(buffer, last, end);
            return;
        }
        int i = from;
        if ((length & 64) != 0) {
            ByteViews.NATIVE_LONGS.set(buffer, i, (long) ByteViews.NATIVE_LONGS.get(buffer, i) ^ wide);
            ByteViews.NATIVE_LONGS.set(buffer, i + 8, (long) ByteViews.NATIVE_LONGS.get(buffer, i + 8) ^ wide);
            ByteViews.NATIVE_LONGS.set(buffer, i + 16, (long) ByteViews.NATIVE_LONGS.get(buffer, i + 16) ^ wide);
            ByteViews.NATIVE_LONGS.set(buffer, i + 24, (long) ByteViews.NATIVE_LONGS.get(buffer, i + 24) ^ wide);
            ByteViews.NATIVE_LONGS.set(buffer, i + 32, (long) ByteViews.NATIVE_LONGS.get(buffer, i + 32) ^ wide);
            ByteViews.NATIVE_LONGS.set(buffer, i + 40, (long) ByteViews.NATIVE_LONGS.get(buffer, i + 40) ^ wide);
            ByteViews.NATIVE_LONGS.set(buffer, i + 48, (long) ByteViews.NATIVE_LONGS.get(buffer, i + 48) ^ wide);
            ByteViews.NATIVE_LONGS.set(buffer, i + 56, (long) ByteViews.NATIVE_LONGS.get(buffer, i + 56) ^ wide);
            i += 64;
        }
        if ((length & 32) != 0) {
            ByteViews.NATIVE_LONGS.set(buffer, i, (long) ByteViews.NATIVE_LONGS.get(buffer, i) ^ wide);
            ByteViews.NATIVE_LONGS.set(buffer, i + 8, (long) ByteViews.NATIVE_LONGS.get(buffer, i + 8) ^ wide);
            ByteViews.NATIVE_LONGS.set(buffer, i + 16, (long) ByteViews.NATIVE_LONGS.get(buffer, i + 16) ^ wide);
            ByteViews.NATIVE_LONGS.set(buffer, i + 24, (long) ByteViews.NATIVE_LONGS.get(buffer, i + 24) ^ wide);
            i += 32;
        }
        if ((length & 16) != 0) {
            ByteViews.NATIVE_LONGS.set(buffer, i, (long) ByteViews.NATIVE_LONGS.get(buffer, i) ^ wide);
            ByteViews.NATIVE_LONGS.set(buffer, i + 8, (long) ByteViews.NATIVE_LONGS.get(buffer, i + 8) ^ wide);
            i += 16;
        }
        if ((length & 8) != 0) {
            ByteViews.NATIVE_LONGS.set(buffer, i, (long) ByteViews.NATIVE_LONGS.get(buffer, i) ^ wide);
        }
        ByteViews.NATIVE_LONGS.set(buffer, last, end);
    }

    /** Copies bytes and masks the copy. The ranges lie within the limits and do not overlap. */
    static void copyMasked(ByteBuffer source, int from, ByteBuffer target, int to, int length, int key) {
        for (int done = 0; done < length; ) {
            int chunk = key == 0 ? length : Math.min(CHUNK, length - done); // a whole number of keys, except the last
            copy(source, from + done, target, to + done, chunk);
            apply(target, to + done, to + done + chunk, key);
            done += chunk;
        }
    }

    private static void copy(ByteBuffer source, int from, ByteBuffer target, int to, int length) {
        if (source.hasArray() && target.hasArray()) {
            System.arraycopy(
                    source.array(), source.arrayOffset() + from, target.array(), target.arrayOffset() + to, length);
        } else {
            target.put(to, source, from, length);
        }
    }

    /**
     * Copies long by long, as {@link #apply} writes: a wider load of bytes that were unmasked just now would wait until
     * all of them have reached the cache. The ranges lie within the limits and do not overlap.
     */
    static void copyFew(ByteBuffer source, int from, ByteBuffer target, int to, int length) {
        if (length < Long.BYTES) {
            for (int i = 0; i < length; i++) {
                target.put(to + i, source.get(from + i));
            }
            return;
        }
        int i = from;
        int j = to;
        if ((length & 64) != 0) {
            ByteViews.NATIVE_LONGS.set(target, j, (long) ByteViews.NATIVE_LONGS.get(source, i));
            ByteViews.NATIVE_LONGS.set(target, j + 8, (long) ByteViews.NATIVE_LONGS.get(source, i + 8));
            ByteViews.NATIVE_LONGS.set(target, j + 16, (long) ByteViews.NATIVE_LONGS.get(source, i + 16));
            ByteViews.NATIVE_LONGS.set(target, j + 24, (long) ByteViews.NATIVE_LONGS.get(source, i + 24));
            ByteViews.NATIVE_LONGS.set(target, j + 32, (long) ByteViews.NATIVE_LONGS.get(source, i + 32));
            ByteViews.NATIVE_LONGS.set(target, j + 40, (long) ByteViews.NATIVE_LONGS.get(source, i + 40));
            ByteViews.NATIVE_LONGS.set(target, j + 48, (long) ByteViews.NATIVE_LONGS.get(source, i + 48));
            ByteViews.NATIVE_LONGS.set(target, j + 56, (long) ByteViews.NATIVE_LONGS.get(source, i + 56));
            i += 64;
            j += 64;
        }
        if ((length & 32) != 0) {
            ByteViews.NATIVE_LONGS.set(target, j, (long) ByteViews.NATIVE_LONGS.get(source, i));
            ByteViews.NATIVE_LONGS.set(target, j + 8, (long) ByteViews.NATIVE_LONGS.get(source, i + 8));
            ByteViews.NATIVE_LONGS.set(target, j + 16, (long) ByteViews.NATIVE_LONGS.get(source, i + 16));
            ByteViews.NATIVE_LONGS.set(target, j + 24, (long) ByteViews.NATIVE_LONGS.get(source, i + 24));
            i += 32;
            j += 32;
        }
        if ((length & 16) != 0) {
            ByteViews.NATIVE_LONGS.set(target, j, (long) ByteViews.NATIVE_LONGS.get(source, i));
            ByteViews.NATIVE_LONGS.set(target, j + 8, (long) ByteViews.NATIVE_LONGS.get(source, i + 8));
            i += 16;
            j += 16;
        }
        if ((length & 8) != 0) {
            ByteViews.NATIVE_LONGS.set(target, j, (long) ByteViews.NATIVE_LONGS.get(source, i));
        }
        int last = length - Long.BYTES;
        ByteViews.NATIVE_LONGS.set(target, to + last, (long) ByteViews.NATIVE_LONGS.get(source, from + last));
    }

    /**
     * Returns the key as it applies some bytes further on, so that masking may stop and continue anywhere.
     *
     * @param key the key as it applies to a byte
     * @param bytes how many bytes further on, 0 or more
     * @return the key as it applies there
     */
    public static int advance(int key, long bytes) {
        return Integer.rotateLeft(key, (int) bytes * Byte.SIZE);
    }

    /** The key repeated twice, in the byte order that masks a long in native order. */
    private static long wide(int key) {
        long twice = ((long) key << Integer.SIZE) | (key & 0xFFFF_FFFFL);
        return NATIVE == ByteOrder.BIG_ENDIAN ? twice : Long.reverseBytes(twice);
    }
}
