package dev.tenon.ws.extension;

import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Opcode;
import java.nio.ByteBuffer;

/** The outbound stage of a {@link MessageCodec}: joins each message and sends it encoded, in one frame. */
final class MessageEncoder implements OutboundHandler {
    private final MessageExtension extension;
    private final OutboundHandler next;
    private final NegotiatedExtension negotiated;
    private final JoinedMessage message = new JoinedMessage(Long.MAX_VALUE);
    private boolean inFrame;

    MessageEncoder(MessageExtension extension, OutboundHandler next, NegotiatedExtension negotiated) {
        this.extension = extension;
        this.next = next;
        this.negotiated = negotiated;
    }

    @Override
    public void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame, SendMode mode) {
        Opcode opcode = firstByte.opcode();
        if (opcode.isControl() || opcode.isReserved()) {
            next.onFrame(firstByte, payload, endOfFrame, mode);
            return;
        }
        if (!inFrame) {
            message.beginFrame(firstByte);
        }
        inFrame = !endOfFrame;
        ByteBuffer whole = message.add(payload, firstByte.fin() && endOfFrame);
        if (whole != null) {
            send(message.firstByte(), whole, mode);
        }
    }

    private void send(FirstByte firstByte, ByteBuffer whole, SendMode mode) {
        int from = whole.position();
        int to = whole.limit();
        MessageCodec codec = extension.beginCall();
        try {
            ByteBuffer encoded = codec.encode(whole, mode);
            if (encoded == null) {
                next.onFrame(firstByte, whole.limit(to).position(from), true, mode);
            } else {
                requireShort(encoded.remaining(), to - from);
                next.onFrame(firstByte.withRsv(firstByte.rsv() | negotiated.rsv()), encoded, true, mode);
            }
        } finally {
            extension.endCall();
        }
    }

    private void requireShort(int encodedLength, int length) {
        long longest = negotiated.maxPayloadLength(length);
        if (encodedLength > longest) {
            throw new IllegalStateException(negotiated.agreed().name() + " made " + encodedLength
                    + " bytes of a message of " + length + ", but its maxEncodedLength is " + longest);
        }
    }
}
