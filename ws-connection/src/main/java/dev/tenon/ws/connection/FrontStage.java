package dev.tenon.ws.connection;

import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.Opcode;
import java.nio.ByteBuffer;

/**
 * The inbound stage in front of the extensions. It sees the messages as the peer sends them, because an extension may
 * hold back the parts of a message, or make them longer or shorter. So an unfinished message has the same deadlines and
 * limits with extensions as without.
 */
final class FrontStage implements FrameHandler {
    private final FrameHandler next;
    private final Runnable onEmptyFragment;

    /** Whether a message has begun and not ended. */
    private boolean begun;
    /** Whether more pieces of the current frame follow. */
    private boolean midFrame;
    /** Whether the next stages process an empty fragment. */
    private boolean empty;

    private long length;
    private long messages;

    FrontStage(FrameHandler next, Runnable onEmptyFragment) {
        this.next = next;
        this.onEmptyFragment = onEmptyFragment;
    }

    @Override
    public void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
        Opcode opcode = firstByte.opcode();
        if (opcode.isControl() || opcode.isReserved()) {
            next.onFrame(firstByte, payload, endOfFrame);
            return;
        }
        boolean last = firstByte.fin() && endOfFrame;
        empty = opcode == Opcode.CONTINUATION && !midFrame && endOfFrame && !last && !payload.hasRemaining();
        if (empty) {
            onEmptyFragment.run();
        }
        begun = !last;
        midFrame = !endOfFrame;
        length = last ? 0 : length + payload.remaining();
        messages += last ? 1 : 0;
        next.onFrame(firstByte, payload, endOfFrame);
        empty = false;
    }

    @Override
    public boolean isReady() {
        return next.isReady();
    }

    @Override
    public void resume() {
        next.resume();
    }

    /** Whether the fragment that the next stages process was empty before they have changed it. */
    boolean isEmptyFragment() {
        return empty;
    }

    /** Returns how many bytes of an unfinished message have arrived; negative between messages. */
    long joined() {
        return begun ? length : -1;
    }

    /** Returns how many messages have arrived. */
    long messages() {
        return messages;
    }
}
