package dev.tenon.ws.transport;

import java.nio.ByteBuffer;
import java.util.IdentityHashMap;

/** The shared frames that links of one loop wait to send. A frame is in memory once, however many links wait for it. */
final class SharedFrames {
    /** How often each frame is held. */
    private final IdentityHashMap<ByteBuffer, Integer> holds = new IdentityHashMap<>();

    /** A link begins to wait for a frame; returns how many bytes of memory that adds. */
    long hold(ByteBuffer frame) {
        return holds.merge(frame, 1, Integer::sum) == 1 ? frame.capacity() : 0;
    }

    /** A link no longer waits for a frame; returns how many bytes of memory that frees. */
    long release(ByteBuffer frame) {
        return holds.computeIfPresent(frame, (key, count) -> count == 1 ? null : count - 1) == null
                ? frame.capacity()
                : 0;
    }
}
