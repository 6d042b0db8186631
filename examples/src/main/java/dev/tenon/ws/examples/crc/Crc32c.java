package dev.tenon.ws.examples.crc;

import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ExtensionViolation;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The agreed extension: data frames with RSV2 begin with the CRC32C of their payload, big-endian.
 *
 * @param agreed the element of the response
 */
record Crc32c(ExtensionOffer agreed) implements NegotiatedExtension {
    private static final ExtensionViolation MISMATCH =
            ExtensionViolation.of("x-crc32c.mismatch", CloseCode.PROTOCOL_ERROR, "a frame does not match its CRC32C");
    private static final ExtensionViolation NOT_A_DATA_FRAME = ExtensionViolation.of(
            "x-crc32c.not-a-data-frame", CloseCode.PROTOCOL_ERROR, "x-crc32c is for data frames only");

    /** No other extension of the connection may use this bit. */
    @Override
    public int rsv() {
        return FirstByte.RSV2;
    }

    /** A frame with the longest message also contains the checksum. */
    @Override
    public long maxPayloadLength(long messageLength) {
        return messageLength + Integer.BYTES;
    }

    /** Creates the state of one connection. This extension makes no message longer, so it needs no budget. */
    @Override
    public Extension open(ExtensionContext context) {
        return new Open();
    }

    private static final class Open implements Extension {
        @Override
        public FrameHandler inbound(FrameHandler next) {
            return new Check(next);
        }

        @Override
        public OutboundHandler outbound(OutboundHandler next) {
            return new Sum(next);
        }

        /** Frames depend only on the message, so the checksum of a message to many connections is computed once. */
        @Override
        public Optional<Object> sharingKey() {
            return Optional.of(Crc32c.class);
        }

        @Override
        public void close() {} // holds no resources
    }

    /** Outbound. The checksum goes first, so a frame that comes in pieces has to wait for its last one. */
    private static final class Sum implements OutboundHandler {
        private final OutboundHandler next;
        private final CRC32C crc = new CRC32C();
        private final ByteBuffer extensionData = ByteBuffer.allocate(Integer.BYTES);
        private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();

        Sum(OutboundHandler next) {
            this.next = next;
        }

        @Override
        public void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame, SendMode mode) {
            if (firstByte.opcode().isControl()) { // may come between the frames of a message
                next.onFrame(firstByte, payload, endOfFrame, mode);
                return;
            }
            if (!endOfFrame) {
                wait(payload); // copies it, because a payload is borrowed until this method returns
                return;
            }
            ByteBuffer whole = payload;
            if (waiting.size() != 0) {
                wait(payload);
                whole = ByteBuffer.wrap(waiting.toByteArray());
                waiting.reset();
            }
            crc.reset();
            crc.update(whole.duplicate());
            FirstByte marked = firstByte.withRsv(firstByte.rsv() | FirstByte.RSV2);
            next.onFrame(
                    marked, extensionData.clear().putInt((int) crc.getValue()).flip(), false, mode);
            next.onFrame(marked, whole, true, mode);
        }

        private void wait(ByteBuffer payload) {
            byte[] copy = new byte[payload.remaining()];
            payload.get(copy);
            waiting.writeBytes(copy);
        }
    }

    /**
     * Inbound. Passes the payload on as it arrives, except for its last piece, which waits until the checksum is
     * verified.
     */
    private static final class Check implements FrameHandler {
        private final FrameHandler next;
        private final CRC32C crc = new CRC32C();
        private final ByteBuffer extensionData = ByteBuffer.allocate(Integer.BYTES);

        Check(FrameHandler next) {
            this.next = next;
        }

        @Override
        public void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
            if (!firstByte.rsv2()) { // a peer may send a message without a checksum
                next.onFrame(firstByte, payload, endOfFrame);
                return;
            }
            if (firstByte.opcode().isControl()) {
                throw NOT_A_DATA_FRAME.toException();
            }
            while (extensionData.hasRemaining()
                    && payload.hasRemaining()) { // the checksum may arrive in several pieces
                extensionData.put(payload.get());
            }
            crc.update(payload.duplicate());
            if (endOfFrame) {
                verify();
            }
            if (endOfFrame || payload.hasRemaining()) {
                next.onFrame(firstByte.withRsv(firstByte.rsv() & ~FirstByte.RSV2), payload, endOfFrame);
            }
        }

        private void verify() {
            if (extensionData.hasRemaining() || extensionData.getInt(0) != (int) crc.getValue()) {
                throw MISMATCH.toException();
            }
            extensionData.clear();
            crc.reset();
        }
    }
}
