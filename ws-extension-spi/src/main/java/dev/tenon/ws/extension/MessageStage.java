package dev.tenon.ws.extension;

import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.FrameHeader;
import dev.tenon.ws.frame.MessageViolation;
import dev.tenon.ws.frame.Opcode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Joins the frames of the messages that it wants and passes on all others as they come. Not thread-safe. */
abstract class MessageStage implements FrameHandler {
    private final FrameHandler next;
    private final long maxLength;

    /** The header of the message under way with the RSV bits of all its frames, or null while none is joined. */
    private @Nullable FrameHeader joining;

    private @Nullable ByteArrayOutputStream joined;
    private boolean passing;
    private boolean inFrame;
    private boolean skip;

    MessageStage(FrameHandler next, long maxLength) {
        this.next = next;
        this.maxLength = maxLength;
    }

    /** Whether the message that begins with this header is joined. */
    abstract boolean wants(FrameHeader first);

    /** Judges the header of a frame that does not begin a message. */
    abstract void onContinuation(FrameHeader header);

    /** Takes a whole message. */
    abstract void onMessage(FrameHeader header, ByteBuffer message);

    /** Passes on the next message. */
    final void skipNext() {
        skip = true;
    }

    @Override
    public final void onFrame(FrameHeader header, ByteBuffer payload, boolean endOfFrame) {
        Opcode opcode = header.opcode();
        boolean data = opcode == Opcode.TEXT || opcode == Opcode.BINARY;
        boolean begins = data && joining == null && !passing;
        if (!begins && !(data && inFrame)) {
            onContinuation(header);
        }
        if (opcode.isControl() || opcode.isReserved()) {
            next.onFrame(header, payload, endOfFrame);
            return;
        }
        if (data && !begins && !inFrame && joining != null) { // RFC 6455 §5.4
            throw MessageViolation.MESSAGE_WITHIN_MESSAGE.toException();
        }
        boolean last = header.fin() && endOfFrame;
        if (begins) {
            passing = skip || !wants(header);
            skip = false;
            joining = passing ? null : header;
        } else if (joining != null && !inFrame) {
            joining = joining.withRsv(joining.rsv() | header.rsv());
        }
        inFrame = !endOfFrame;
        if (joining == null) {
            passing = !last;
            next.onFrame(header, payload, endOfFrame);
        } else {
            join(joining, payload, last);
        }
    }

    private void join(FrameHeader header, ByteBuffer payload, boolean last) {
        int before = joined == null ? 0 : joined.size();
        if ((long) before + payload.remaining() > maxLength) {
            throw MessageExtension.tooLong();
        }
        if (last && joined == null) {
            joining = null;
            onMessage(header.withFin(true), payload);
            return;
        }
        if (joined == null) {
            joined = new ByteArrayOutputStream();
        }
        byte[] piece = new byte[payload.remaining()];
        payload.get(piece);
        joined.writeBytes(piece);
        if (last) {
            ByteBuffer whole = ByteBuffer.wrap(joined.toByteArray());
            joined = null;
            joining = null;
            onMessage(header.withFin(true), whole);
        }
    }
}
