package dev.tenon.ws.connection;

import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import java.nio.ByteBuffer;

/**
 * The inbound stage of an extension and all that follow it, as one handler: ready if all of them are, and resumed from the
 * application's end. So an extension that never stops anybody need not know that another one does.
 *
 * @param stage the extension's own stage
 * @param next what that hands on to
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
