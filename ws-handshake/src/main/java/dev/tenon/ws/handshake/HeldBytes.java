package dev.tenon.ws.handshake;

import java.nio.ByteBuffer;

/** Bytes of later requests that wait for the response before them, up to a limit. */
final class HeldBytes {
    private final int limit;
    /** What is held stands between position and limit. */
    private ByteBuffer bytes = ByteBuffer.allocate(0);

    HeldBytes(int limit) {
        this.limit = limit;
    }

    boolean isEmpty() {
        return !bytes.hasRemaining();
    }

    boolean isFull() {
        return bytes.remaining() >= limit;
    }

    /** Takes from the input what there is room for. */
    void take(ByteBuffer input) {
        int count = Math.min(input.remaining(), limit - bytes.remaining());
        int length = bytes.remaining() + count;
        if (length > bytes.capacity()) {
            ByteBuffer larger = ByteBuffer.allocate(Math.min(limit, Math.max(length, 2 * bytes.capacity())));
            bytes = larger.put(bytes);
        } else {
            bytes.compact();
        }
        bytes.put(input.slice(input.position(), count)).flip();
        input.position(input.position() + count);
    }

    /** The bytes, to be read from. */
    ByteBuffer bytes() {
        return bytes;
    }

    /** The bytes, which are held here no longer. */
    ByteBuffer release() {
        ByteBuffer released = bytes;
        bytes = ByteBuffer.allocate(0);
        return released;
    }
}
