package dev.tenon.ws.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * The XOR of RFC 6455 §5.3, in place and at memory speed. Masking and unmasking are the same operation. A key is an
 * {@code int} whose top eight bits are the first byte on the wire.
 */
public final class Masking {
    private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
    private static final VarHandle ARRAY_LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, NATIVE);
    private static final VarHandle BUFFER_LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, NATIVE);

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
        if (buffer.hasArray()) {
            int offset = buffer.arrayOffset();
            apply(buffer.array(), offset + from, offset + to, key);
            return;
        }
        long wide = wide(key);
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            BUFFER_LONGS.set(buffer, i, (long) BUFFER_LONGS.get(buffer, i) ^ wide);
        }
        for (int k = key; i < to; i++, k = Integer.rotateLeft(k, 8)) {
            buffer.put(i, (byte) (buffer.get(i) ^ k >>> 24));
        }
    }

    private static void apply(byte[] array, int from, int to, int key) {
        long wide = wide(key);
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            ARRAY_LONGS.set(array, i, (long) ARRAY_LONGS.get(array, i) ^ wide);
        }
        for (int k = key; i < to; i++, k = Integer.rotateLeft(k, 8)) {
            array[i] ^= (byte) (k >>> 24);
        }
    }

    /**
     * The key as it applies after some bytes: masking may stop and go on anywhere.
     *
     * @param key the key as it applies to a byte
     * @param bytes how many bytes further on, 0 or more
     * @return the key as it applies there
     */
    public static int advance(int key, long bytes) {
        return Integer.rotateLeft(key, (int) (bytes & 3) * Byte.SIZE);
    }

    /** The key twice, laid out so that a long in native order meets it byte by byte in wire order. */
    private static long wide(int key) {
        long twice = ((long) key << Integer.SIZE) | (key & 0xFFFF_FFFFL);
        return NATIVE == ByteOrder.BIG_ENDIAN ? twice : Long.reverseBytes(twice);
    }
}
