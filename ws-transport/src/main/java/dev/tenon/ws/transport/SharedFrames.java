package dev.tenon.ws.transport;

import java.nio.ByteBuffer;

/** Adds a frame that many links send, and that never changes, to the cork of one link. */
final class SharedFrames {
    /**
     * Frames up to this length are copied into the cork, which is cheaper than a separate entry in a gathering write.
     */
    private static final int LARGEST_COPIED = 2 * 1024;
    /** Waiting frames of this length or more are kept by reference. */
    private static final int SHORTEST_KEPT = 256;

    private SharedFrames() {}

    static void write(Link link, ByteBuffer frame) {
        int length = frame.remaining();
        boolean waits = link.backlog() > 0 && length >= SHORTEST_KEPT;
        if (length <= LARGEST_COPIED && !waits) {
            ByteBuffer cork = link.loop().cork().reserve(link, length);
            cork.put(cork.position(), frame, frame.position(), length).position(cork.position() + length);
        } else {
            link.loop().cork().share(link, frame);
        }
    }
}
