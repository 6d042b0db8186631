package dev.tenon.ws.transport;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** What the protocol of one link holds back while enough bytes wait: its own bytes, and shared frames in order. */
final class HeldBack {
    private final LoopBuffers buffers;
    private final Deque<ByteBuffer> frames = new ArrayDeque<>(2);
    private long bytes;
    private long frameBytes;

    HeldBack(LoopBuffers buffers) {
        this.buffers = buffers;
    }

    /** Adds to the protocol's own bytes; negative to subtract. */
    void add(long change) {
        bytes += change;
        buffers.charge(change);
    }

    void add(ByteBuffer frame) {
        frames.add(frame);
        frameBytes += frame.capacity();
        buffers.hold(frame, 0);
    }

    /** Removes the frame that was added first. */
    void removeFrame() {
        ByteBuffer frame = frames.remove();
        frameBytes -= frame.capacity();
        buffers.release(frame, 0);
    }

    boolean isEmpty() {
        return bytes == 0 && frames.isEmpty();
    }

    /** The memory in use, in bytes, as if no other link held the same frames back. */
    long cost() {
        return bytes + frameBytes;
    }

    /** Forgets everything. */
    void clear() {
        add(-bytes);
        while (!frames.isEmpty()) {
            removeFrame();
        }
    }
}
