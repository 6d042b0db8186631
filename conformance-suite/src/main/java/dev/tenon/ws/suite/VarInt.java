package dev.tenon.ws.suite;

import java.nio.ByteBuffer;

/** The integers of QUIC, whose first two bits tell their length (RFC 9000 §16). */
final class VarInt {
    private VarInt() {}

    /** Encodes a number in as few bytes as possible. */
    static byte[] encode(long number) {
        return encode(number, number < 1 << 6 ? 1 : number < 1 << 14 ? 2 : number < 1 << 30 ? 4 : 8);
    }

    /** Encodes a number in 1, 2, 4 or 8 bytes. */
    static byte[] encode(long number, int length) {
        long bits = ((long) Integer.numberOfTrailingZeros(length) << (length * 8 - 2)) | number;
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (bits >> (8 * (length - 1 - i)));
        }
        return bytes;
    }

    /** Reads a number, or returns -1 and reads nothing if it is not complete. */
    static long read(ByteBuffer in) {
        int length = in.hasRemaining() ? 1 << ((in.get(in.position()) & 255) >> 6) : 1;
        if (in.remaining() < length) {
            return -1;
        }
        long number = in.get() & 63;
        for (int i = 1; i < length; i++) {
            number = (number << 8) | (in.get() & 255);
        }
        return number;
    }
}
