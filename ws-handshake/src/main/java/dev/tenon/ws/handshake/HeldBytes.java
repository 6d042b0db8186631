package dev.tenon.ws.handshake;

import java.nio.ByteBuffer;

/** Bytes of pipelined requests that wait until the response before them is sent, up to a limit. */
final class HeldBytes {
    private final int limit;
    /** The held bytes are between position and limit. */
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

    /** Copies bytes from the input up to the limit. */
    void add(ByteBuffer input) {
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

    /** The held bytes; reading moves the position. */
    ByteBuffer bytes() {
        return bytes;
    }

    /** Removes and returns the held bytes. */
    ByteBuffer release() {
        ByteBuffer released = bytes;
        bytes = ByteBuffer.allocate(0);
        return released;
    }
}
