package dev.tenon.ws.cli;

import dev.tenon.ws.frame.Frame;

/**
 * A frame on the wire.
 *
 * @param frame its first byte, and its unmasked payload or the beginning of it
 * @param masked the MASK bit
 * @param maskingKey the masking key, its first byte on the wire in the top eight bits; 0 without MASK
 * @param length the length of the whole payload, in bytes
 */
record SeenFrame(Frame frame, boolean masked, int maskingKey, long length) {
    /** Whether {@link #frame} holds only the beginning of the payload. */
    boolean isCut() {
        return frame.payload().remaining() < length;
    }
}
