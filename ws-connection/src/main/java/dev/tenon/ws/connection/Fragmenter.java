package dev.tenon.ws.connection;

import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.FrameHeader;
import dev.tenon.ws.frame.Opcode;
import java.nio.ByteBuffer;

/**
 * An outbound stage that cuts long data frames into fragments (RFC 6455 §5.4): RSV bits stay on the first one. A frame
 * that comes in pieces leaves with a fragment for each, so that nothing has to be joined.
 */
final class Fragmenter implements FrameHandler {
    /** Stands for no bound. */
    static final int UNBOUNDED = Integer.MAX_VALUE;

    private final FrameHandler next;
    private final int longest;
    /** Whether a fragment of the frame under way has left. */
    private boolean begun;

    Fragmenter(FrameHandler next, int longest) {
        this.next = next;
        this.longest = longest;
    }

    @Override
    public void onFrame(FrameHeader header, ByteBuffer payload, boolean endOfFrame) {
        Opcode opcode = header.opcode();
        if (opcode.isControl() || opcode.isReserved()) {
            next.onFrame(header, payload, endOfFrame);
            return;
        }
        int at = payload.position();
        int end = payload.limit();
        for (; end - at > longest; at += longest) {
            fragment(header, payload.limit(at + longest).position(at), false);
        }
        if (endOfFrame || at < end) {
            fragment(header, payload.limit(end).position(at), endOfFrame);
        }
    }

    private void fragment(FrameHeader header, ByteBuffer payload, boolean last) {
        FrameHeader own = begun ? header.withOpcode(Opcode.CONTINUATION).withRsv(0) : header;
        begun = !last;
        next.onFrame(own.withFin(header.fin() && last), payload, true);
    }
}
