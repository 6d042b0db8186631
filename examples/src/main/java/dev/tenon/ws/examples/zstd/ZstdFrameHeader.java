package dev.tenon.ws.examples.zstd;

import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ExtensionViolation;
import dev.tenon.ws.frame.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The first bytes of a Zstandard frame (RFC 8878 §3.1.1.1). They decide how much memory a decoder allocates, up to 128
 * MiB by default, so they are checked before decoding.
 */
final class ZstdFrameHeader {
    /** 128 KiB: no frame may refer further back. */
    static final int WINDOW_LOG = 17;

    static final ExtensionViolation MALFORMED = ExtensionViolation.of(
            "x-permessage-zstd.malformed", CloseCode.INVALID_PAYLOAD_DATA, "the message is not valid Zstandard data");
    static final ExtensionViolation WINDOW = ExtensionViolation.of(
            "x-permessage-zstd.window", CloseCode.INVALID_PAYLOAD_DATA, "a Zstandard frame with too large a window");

    private static final int MAGIC = 0xFD2FB528;
    private static final int SINGLE_SEGMENT = 1 << 5;
    private static final int LENGTH = 6;

    private ZstdFrameHeader() {}

    /**
     * Checks the frame at the position of a buffer.
     *
     * @throws ProtocolException 1007 if no frame begins there, or its window is larger than {@link #WINDOW_LOG} allows
     */
    static void verify(ByteBuffer frame) {
        int at = frame.position();
        if (frame.remaining() < LENGTH
                || frame.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(at) != MAGIC) {
            throw MALFORMED.toException();
        }
        boolean singleSegment = (frame.get(at + 4) & SINGLE_SEGMENT) != 0; // the window is the whole content
        int window = frame.get(at + 5) & 0xFF;
        int log = 10 + (window >> 3);
        if (singleSegment || log > WINDOW_LOG || (log == WINDOW_LOG && (window & 7) != 0)) {
            throw WINDOW.toException();
        }
    }
}
