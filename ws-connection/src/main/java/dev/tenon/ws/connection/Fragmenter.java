package dev.tenon.ws.connection;

import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Opcode;
import java.nio.ByteBuffer;

/**
 * An outbound stage that cuts long data frames into fragments (RFC 6455 §5.4): RSV bits stay on the first one. A frame
 * that comes in pieces leaves with a fragment for each, so that nothing has to be joined.
 */
final class Fragmenter implements OutboundHandler {
    /** Stands for no bound. */
    static final int UNBOUNDED = Integer.MAX_VALUE;

    private final OutboundHandler next;
    private final int longest;
    /** Whether a fragment of the frame under way has left. */
    private boolean begun;

    Fragmenter(OutboundHandler next, int longest) {
        this.next = next;
        this.longest = longest;
    }

    /** Whether more pieces of a frame are to come. */
    boolean isMidFrame() {
        return begun;
    }

    @Override
    public void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame, SendMode mode) {
        Opcode opcode = firstByte.opcode();
        if (opcode.isControl() || opcode.isReserved()) {
            next.onFrame(firstByte, payload, endOfFrame, mode);
            return;
        }
        int at = payload.position();
        int end = payload.limit();
        try {
            for (; end - at > longest; at += longest) {
                fragment(firstByte, payload.limit(at + longest).position(at), false, mode);
            }
            if (endOfFrame || at < end) {
                fragment(firstByte, payload.limit(end).position(at), endOfFrame, mode);
            }
        } finally {
            payload.limit(end); // it is the sender's
        }
    }

    private void fragment(FirstByte firstByte, ByteBuffer payload, boolean last, SendMode mode) {
        FirstByte own = begun ? firstByte.withOpcode(Opcode.CONTINUATION).withRsv(0) : firstByte;
        begun = !last;
        next.onFrame(own.withFin(firstByte.fin() && last), payload, true, mode);
    }
}
