package dev.tenon.ws.connection;

import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameEncoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The end of an outbound stream. It stores frames with their headers, as a server writes them. */
final class EncodedFrames implements OutboundHandler {
    private final FrameEncoder encoder = FrameEncoder.unmasked();
    private final List<SharedFrame> frames = new ArrayList<>();
    private @Nullable ByteAccumulator begun;

    @Override
    public void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame, SendMode mode) {
        if (begun == null) {
            if (endOfFrame) {
                add(firstByte, payload);
                return;
            }
            begun = new ByteAccumulator();
        }
        begun.append(payload);
        if (endOfFrame) {
            ByteBuffer whole = begun.view();
            begun = null;
            add(firstByte, whole);
        }
    }

    private void add(FirstByte firstByte, ByteBuffer payload) {
        int length = encoder.headerLength(payload.remaining()) + payload.remaining();
        ByteBuffer frame = ByteBuffer.allocate(length);
        encoder.encode(firstByte, payload, frame);
        frames.add(new SharedFrame(frame.array()));
    }

    SharedFrame[] toArray() {
        return frames.toArray(new SharedFrame[0]);
    }
}
