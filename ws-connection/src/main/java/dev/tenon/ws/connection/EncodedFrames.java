package dev.tenon.ws.connection;

import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameEncoder;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Keeps frames as a server would write them, header and all. */
final class EncodedFrames implements OutboundHandler {
    private final FrameEncoder encoder = FrameEncoder.unmasked();
    private final ByteAccumulator frames = new ByteAccumulator();
    private @Nullable ByteAccumulator begun;

    @Override
    public void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame, SendMode mode) {
        if (begun == null) {
            if (endOfFrame) {
                append(firstByte, payload);
                return;
            }
            begun = new ByteAccumulator();
        }
        begun.append(payload);
        if (endOfFrame) {
            ByteBuffer whole = begun.view();
            begun = null;
            append(firstByte, whole);
        }
    }

    private void append(FirstByte firstByte, ByteBuffer payload) {
        int length = encoder.headerLength(payload.remaining()) + payload.remaining();
        ByteBuffer frame = ByteBuffer.allocate(length);
        encoder.encode(firstByte, payload, frame);
        frames.append(frame.flip());
    }

    byte[] toBytes() {
        byte[] bytes = new byte[frames.length()];
        frames.view().get(bytes);
        return bytes;
    }
}
