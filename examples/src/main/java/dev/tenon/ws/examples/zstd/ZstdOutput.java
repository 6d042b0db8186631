package dev.tenon.ws.examples.zstd;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A byte array that grows up to a limit. Not thread-safe. */
final class ZstdOutput {
    private final long limit;
    private byte[] bytes = {};
    private int length;

    ZstdOutput(long limit) {
        this.limit = limit;
    }

    void add(byte b) {
        addIfRoom(ByteBuffer.wrap(new byte[] {b}));
    }

    /** Adds bytes, or returns false if that would exceed the limit. */
    boolean addIfRoom(ByteBuffer more) {
        int added = more.remaining();
        if (added > limit - length) {
            return false;
        }
        if (length + added > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + added));
        }
        more.get(bytes, length, added);
        length += added;
        return true;
    }

    ByteBuffer bytes() {
        return ByteBuffer.wrap(bytes, 0, length);
    }
}
