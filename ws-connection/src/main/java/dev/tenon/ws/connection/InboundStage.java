package dev.tenon.ws.connection;

import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import java.nio.ByteBuffer;

/**
 * Combines the inbound stage of an extension with all later stages into one handler. It is ready if all stages are
 * ready, and it resumes the later stages first. So an extension that is always ready need not know about one that is
 * not.
 *
 * @param stage the extension's own stage
 * @param next the stage to which it passes frames
 */
record InboundStage(FrameHandler stage, FrameHandler next) implements FrameHandler {
    @Override
    public void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
        stage.onFrame(firstByte, payload, endOfFrame);
    }

    @Override
    public boolean isReady() {
        return next.isReady() && stage.isReady();
    }

    @Override
    public void resume() {
        next.resume();
        stage.resume();
    }
}
