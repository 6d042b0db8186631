package dev.tenon.ws.benchmarks.codec;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/**
 * Binary frames of one size. Decoding in place unmasks the payloads, and the next decoding masks them again: both take
 * the same time, so the frames are never written again.
 */
final class Workload {
    /** Frames handled by one call of a benchmark; all figures are for one frame. */
    static final int FRAMES = 16;

    private static final int CACHED = 256 * 1024;

    final boolean masked;
    final byte[] payload;
    /** Frames one after another: 16, or as many (a power of two) as fit into 256 KiB, but at least one. */
    final byte[] wire;
    /** How often the wire bytes are decoded to make 16 frames. */
    final int rounds;

    Workload(int size, boolean masked) {
        this.masked = masked;
        SplittableRandom random = new SplittableRandom(size);
        payload = new byte[size];
        random.nextBytes(payload);
        int frame = (size < 126 ? 2 : size < 65_536 ? 4 : 10) + (masked ? 4 : 0) + size;
        int count = Math.max(1, Math.min(FRAMES, Integer.highestOneBit(CACHED / frame)));
        rounds = FRAMES / count;
        ByteBuffer all = ByteBuffer.allocate(frame * count);
        while (all.hasRemaining()) {
            put(all, masked ? random.nextInt() | 0x01010101 : 0);
        }
        wire = all.array();
    }

    private void put(ByteBuffer all, int key) {
        int size = payload.length;
        int maskBit = masked ? 0x80 : 0;
        all.put((byte) 0x82);
        if (size < 126) {
            all.put((byte) (maskBit | size));
        } else if (size < 65_536) {
            all.put((byte) (maskBit | 126)).putShort((short) size);
        } else {
            all.put((byte) (maskBit | 127)).putLong(size);
        }
        if (masked) {
            all.putInt(key);
        }
        for (int i = 0; i < size; i++) {
            all.put((byte) (payload[i] ^ (key >>> (24 - 8 * (i & 3)))));
        }
    }

    static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}
