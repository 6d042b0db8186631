package dev.tenon.ws.transport;

import java.nio.ByteBuffer;

/** How a frame that never changes, and that many links send, goes into the cork of one of them. */
final class SharedFrames {
    /** Up to here a copy beside the other frames is cheaper than an entry of its own in a gathering write. */
    private static final int LARGEST_COPIED = 2 * 1024;
    /** From here on, a frame that has to wait is kept by reference. */
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
