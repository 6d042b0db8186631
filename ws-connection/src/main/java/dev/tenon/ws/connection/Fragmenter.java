package dev.tenon.ws.connection;

import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Opcode;
import java.nio.ByteBuffer;

/**
 * An outbound stage that cuts long data frames into fragments (RFC 6455 §5.4). The RSV bits stay on the first fragment.
 * If a frame arrives in pieces, each piece is sent in its own fragments, so that no pieces have to be joined.
 */
final class Fragmenter implements OutboundHandler {
    /** The value for no limit. */
    static final int UNBOUNDED = Integer.MAX_VALUE;

    private final OutboundHandler next;
    private final int longest;
    /** Whether a fragment of the current frame has been passed on. */
    private boolean begun;

    Fragmenter(OutboundHandler next, int longest) {
        this.next = next;
        this.longest = longest;
    }

    /** Whether more pieces of the current frame follow. */
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
            payload.limit(end); // the sender owns the buffer
        }
    }

    private void fragment(FirstByte firstByte, ByteBuffer payload, boolean last, SendMode mode) {
        FirstByte own = begun ? firstByte.withOpcode(Opcode.CONTINUATION).withRsv(0) : firstByte;
        begun = !last;
        next.onFrame(own.withFin(firstByte.fin() && last), payload, true, mode);
    }
}
