package dev.tenon.ws.frame;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A second, simple and slow implementation of RFC 6455 §5, with which the codec is compared. It shares no code with the
 * codec.
 *
 * @param receiver the end that reads
 * @param maxPayloadLength of a data frame
 * @param ownedRsv as in {@link FirstByte#rsv()}
 * @param ownedOpcodes reserved ones in use
 */
record Model(Role receiver, long maxPayloadLength, int ownedRsv, Set<Opcode> ownedOpcodes) {
    private static final Set<Integer> DEFINED = Set.of(0, 1, 2, 8, 9, 10);

    /**
     * The content of a stream of bytes.
     *
     * @param whole the complete frames
     * @param partial the header and the available bytes of an incomplete frame; null if there is none
     * @param violation the violation that ended the stream, or null
     * @param consumed the number of bytes read: all, or up to the violation
     */
    record Outcome(
            List<Frame> whole,
            @Nullable Frame partial,
            @Nullable FrameViolation violation,
            int consumed) {}

    static Model lenient(Role receiver) {
        return new Model(receiver, Long.MAX_VALUE, 7, EnumSet.allOf(Opcode.class));
    }

    FrameRules rules() {
        return FrameRules.receivedBy(receiver)
                .withMaxPayloadLength(maxPayloadLength)
                .withOwned(ownedRsv, ownedOpcodes);
    }

    @Nullable
    FrameViolation check(int firstByte, boolean masked, long length, int lengthBytes) {
        boolean control = (firstByte & 0x0F) >= 8;
        boolean negative = length < 0;
        if (((firstByte >> 4) & 7 & ~ownedRsv) > 0) {
            return FrameViolation.RSV_NOT_NEGOTIATED;
        } else if (!DEFINED.contains(firstByte & 0x0F) && !ownedOpcodes.contains(Opcode.of(firstByte & 0x0F))) {
            return FrameViolation.OPCODE_NOT_NEGOTIATED;
        } else if (control && firstByte < 0x80) {
            return FrameViolation.CONTROL_FRAME_FRAGMENTED;
        } else if (control && (negative || length >= 126)) {
            return FrameViolation.CONTROL_FRAME_TOO_LONG;
        } else if (!masked && receiver == Role.SERVER) {
            return FrameViolation.MASK_MISSING;
        } else if (masked && receiver == Role.CLIENT) {
            return FrameViolation.MASK_FORBIDDEN;
        } else if (negative) {
            return FrameViolation.LENGTH_TOP_BIT_SET;
        } else if ((lengthBytes >= 2 && length <= 125) || (lengthBytes == 8 && length <= 0xFFFF)) {
            return FrameViolation.LENGTH_NOT_MINIMAL;
        } else if (!control && length > maxPayloadLength) {
            return FrameViolation.FRAME_TOO_LONG;
        }
        return null;
    }

    Outcome decode(byte[] stream) {
        List<Frame> whole = new ArrayList<>();
        int at = 0;
        while (stream.length - at >= 2) {
            int firstByte = stream[at] & 0xFF;
            int secondByte = stream[at + 1] & 0xFF;
            boolean masked = secondByte >= 128;
            int lengthBytes = secondByte % 128 == 127 ? 8 : secondByte % 128 == 126 ? 2 : 0;
            if (stream.length - at < 2 + lengthBytes) {
                return new Outcome(whole, null, null, stream.length);
            }
            long length = lengthBytes == 0 ? secondByte % 128 : 0;
            for (int i = 0; i < lengthBytes; i++) {
                length = length * 256 + (stream[at + 2 + i] & 0xFF);
            }
            int lengthEnd = at + 2 + lengthBytes;
            FrameViolation violation = check(firstByte, masked, length, lengthBytes);
            if (violation != null) {
                return new Outcome(whole, null, violation, lengthEnd);
            }
            int start = masked ? lengthEnd + 4 : lengthEnd;
            if (stream.length < start) {
                return new Outcome(whole, null, null, stream.length);
            }
            int arrived = (int) Math.min(length, stream.length - start);
            byte[] payload = new byte[arrived];
            for (int i = 0; i < arrived; i++) {
                payload[i] = (byte) (masked ? stream[start + i] ^ stream[lengthEnd + i % 4] : stream[start + i]);
            }
            Frame frame = new Frame(FirstByte.of(firstByte), ByteBuffer.wrap(payload));
            if (arrived < length) {
                return new Outcome(whole, arrived == 0 ? null : frame, null, stream.length);
            }
            whole.add(frame);
            at = start + arrived;
        }
        return new Outcome(whole, null, null, stream.length);
    }

    /**
     * Returns the outcome of the decoder under test, which receives the stream in chunks of the given sizes, repeated.
     */
    Outcome decodeWithTenon(byte[] stream, List<Integer> chunks, UnaryOperator<ByteBuffer> kind) {
        FrameDecoder decoder = new FrameDecoder(rules());
        List<Frame> whole = new ArrayList<>();
        Pieces pieces = new Pieces(whole);
        int at = 0;
        for (int turn = 0; at < stream.length; turn++) {
            int length =
                    Math.min(stream.length - at, chunks.isEmpty() ? stream.length : chunks.get(turn % chunks.size()));
            ByteBuffer input = kind.apply(ByteBuffer.wrap(stream, at, length).slice());
            int start = input.position();
            try {
                while (decoder.decode(input, pieces)) {
                    // until it is used up
                }
            } catch (ProtocolException e) {
                return new Outcome(whole, null, (FrameViolation) e.violation(), at + input.position() - start);
            }
            if (input.hasRemaining()) {
                throw new AssertionError("no piece, but input is left");
            }
            at += length;
        }
        return new Outcome(whole, pieces.partial(), null, at);
    }

    /** Joins pieces, and checks the call grammar of {@link FrameHandler}. */
    private static final class Pieces implements FrameHandler {
        private final List<Frame> whole;
        private @Nullable FirstByte open;
        private byte[] joined = {};

        Pieces(List<Frame> whole) {
            this.whole = whole;
        }

        @Override
        public void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
            if (open != null && open != firstByte) {
                throw new AssertionError("pieces of two frames are mixed");
            }
            if (!payload.hasRemaining() && (open != null || !endOfFrame)) {
                throw new AssertionError("an empty piece that is not an empty frame");
            }
            ByteBuffer both = ByteBuffer.allocate(joined.length + payload.remaining());
            joined = both.put(joined).put(payload).array();
            open = firstByte;
            if (endOfFrame) {
                whole.add(new Frame(firstByte, ByteBuffer.wrap(joined)));
                open = null;
                joined = new byte[0];
            }
        }

        @Nullable
        Frame partial() {
            return open == null ? null : new Frame(open, ByteBuffer.wrap(joined));
        }
    }
}
