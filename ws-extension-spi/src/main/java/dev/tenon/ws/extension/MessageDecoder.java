package dev.tenon.ws.extension;

import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.MessageViolation;
import dev.tenon.ws.frame.Opcode;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The inbound stage of a {@link MessageCodec}: joins and decodes the messages with its RSV bit, and passes on all others. */
final class MessageDecoder implements FrameHandler {
    private final MessageExtension extension;
    private final FrameHandler next;
    private final int rsv;
    private final long maxMessageLength;
    private final JoinedMessage message;
    /** Whether the current message is one without the RSV bit, which is passed on as it is. */
    private boolean passing;

    private boolean inFrame;

    MessageDecoder(
            MessageExtension extension, FrameHandler next, int rsv, long maxEncodedLength, long maxMessageLength) {
        this.extension = extension;
        this.next = next;
        this.rsv = rsv;
        this.message = new JoinedMessage(maxEncodedLength);
        this.maxMessageLength = maxMessageLength;
    }

    @Override
    public void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
        Opcode opcode = firstByte.opcode();
        boolean data = opcode == Opcode.TEXT || opcode == Opcode.BINARY;
        boolean marked = (firstByte.rsv() & rsv) != 0;
        if (!data && opcode != Opcode.CONTINUATION) {
            requireUnmarked(marked);
            next.onFrame(firstByte, payload, endOfFrame);
            return;
        }
        if (!inFrame) {
            beginFrame(firstByte, data, marked);
        }
        inFrame = !endOfFrame;
        boolean last = firstByte.fin() && endOfFrame;
        if (message.isOpen()) {
            decodeIfWhole(message.add(payload, last));
        } else {
            passing = !last;
            next.onFrame(firstByte, payload, endOfFrame);
        }
    }

    private void beginFrame(FirstByte firstByte, boolean data, boolean marked) {
        if (message.isOpen() && data) { // RFC 6455 §5.4
            throw MessageViolation.MESSAGE_WITHIN_MESSAGE.toException();
        }
        if (message.isOpen() || passing || !data) {
            requireUnmarked(marked);
        }
        if (message.isOpen() || (marked && data)) {
            message.beginFrame(firstByte.withRsv(firstByte.rsv() & ~rsv));
        }
    }

    /** RFC 6455 §5.4: the bits of a message belong to its first frame. */
    private static void requireUnmarked(boolean marked) {
        if (marked) {
            throw MessageViolation.RSV_WITHIN_MESSAGE.toException();
        }
    }

    private void decodeIfWhole(@Nullable ByteBuffer whole) {
        if (whole == null) {
            return;
        }
        MessageCodec codec = extension.beginCall();
        try {
            ByteBuffer decoded = codec.decode(whole, maxMessageLength);
            if (decoded.remaining() > maxMessageLength) {
                throw MessageCodec.tooLong();
            }
            next.onFrame(message.firstByte(), decoded, true);
        } finally {
            extension.endCall();
        }
    }
}
