package dev.tenon.ws.testkit;

import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.FrameViolation;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * The bytes of a frame with one defect. In all other respects it is legal at the beginning of a stream or between
 * messages. A receiver under {@link #rules()} fails the connection with {@link #closeCode()}.
 *
 * @param violation the broken rule
 * @param sender the end that sends it
 * @param bytes header and payload as on the wire, read-only
 */
public record BrokenFrame(FrameViolation violation, Role sender, ByteBuffer bytes) {
    static final int LIMIT = 1000;

    /**
     * A broken frame.
     *
     * @param violation the broken rule
     * @param sender the end that sends it
     * @param bytes header and payload, from position to limit; shared, not copied
     */
    public BrokenFrame {
        bytes = bytes.slice().asReadOnlyBuffer();
    }

    /**
     * Returns the bytes.
     *
     * @return a new read-only view
     */
    @Override
    public ByteBuffer bytes() {
        return bytes.duplicate();
    }

    /**
     * Returns the code with which the receiver must fail the connection.
     *
     * @return the code of the Close frame
     */
    public CloseCode closeCode() {
        return violation.closeCode();
    }

    /**
     * Returns the receiver's rules for which the frame has exactly one defect: no extensions, and at most 1,000 bytes.
     *
     * @return the rules for the decoder
     */
    public FrameRules rules() {
        return FrameRules.receivedBy(sender.peer()).withMaxPayloadLength(LIMIT);
    }

    /**
     * Returns a text for reports: {@code LENGTH_NOT_MINIMAL from CLIENT: 82fe0005...}.
     *
     * @return rule, sender and up to 32 bytes in hex
     */
    @Override
    public String toString() {
        byte[] shown = new byte[Math.min(32, bytes.remaining())];
        bytes.get(0, shown);
        return violation + " from " + sender + ": " + HexFormat.of().formatHex(shown)
                + (bytes.remaining() > shown.length ? "..." : "");
    }

    static boolean concerns(FrameViolation violation, Role sender) {
        return violation != (sender == Role.CLIENT ? FrameViolation.MASK_FORBIDDEN : FrameViolation.MASK_MISSING);
    }

    /** The choice selects a way to break the rule; 0 is the simplest. */
    static BrokenFrame of(FrameViolation violation, Role sender, int choice, byte[] payload, int key) {
        FirstByte data = FirstByte.of(choice % 2 == 0, choice % 3 == 0 ? Opcode.TEXT : Opcode.BINARY);
        FirstByte control = FirstByte.of(true, choice % 5 < 3 ? Opcode.PING : Opcode.PONG);
        int length = payload.length;
        for (int i = 0; i < length; i++) {
            payload[i] &= 0x7F; // ASCII, so that it is valid text too
        }
        Raw raw = new Raw(sender == Role.CLIENT, payload, key);
        ByteBuffer bytes = switch (violation) {
            case RSV_NOT_NEGOTIATED ->
                raw.frame((choice % 4 == 3 ? control : data).withRsv(1 + choice % 7), length, minimal(length));
            case OPCODE_NOT_NEGOTIATED ->
                raw.frame(FirstByte.of(true, Opcode.of(choice % 2 == 0 ? 3 + choice % 5 : 11 + choice % 5)), length, 0);
            case CONTROL_FRAME_FRAGMENTED -> raw.frame(control.withFin(false), length, 0);
            case CONTROL_FRAME_TOO_LONG -> {
                long tooLong = choice % 2 == 0 ? 126 + choice : 65_536L * (1 + choice);
                yield raw.frame(control, tooLong, minimal(tooLong));
            }
            case MASK_MISSING -> new Raw(false, payload, key).frame(data, length, minimal(length));
            case MASK_FORBIDDEN -> new Raw(true, payload, key).frame(data, length, minimal(length));
            case LENGTH_TOP_BIT_SET -> raw.frame(data, Long.MIN_VALUE | choice, 8);
            case LENGTH_NOT_MINIMAL -> raw.frame(choice % 4 == 3 ? control : data, length, choice % 2 == 0 ? 2 : 8);
            case FRAME_TOO_LONG -> {
                long tooLong = choice % 2 == 0 ? LIMIT + 1 + choice : Long.MAX_VALUE - choice;
                yield raw.frame(data, tooLong, minimal(tooLong));
            }
        };
        return new BrokenFrame(violation, sender, bytes);
    }

    private static int minimal(long length) {
        return length < 126 ? 0 : length < 65_536 ? 2 : 8;
    }

    /** Encodes a frame without regard to the rules. */
    private record Raw(boolean masked, ByteBuffer payload, int key) {
        Raw(boolean masked, byte[] payload, int key) {
            this(masked, ByteBuffer.wrap(payload), key);
        }

        ByteBuffer frame(FirstByte firstByte, long declared, int lengthBytes) {
            ByteBuffer bytes = ByteBuffer.allocate(14 + payload.remaining()).put((byte) firstByte.value());
            int maskBit = masked ? 0x80 : 0;
            bytes.put((byte) (maskBit | (lengthBytes == 0 ? (int) declared : lengthBytes == 2 ? 126 : 127)));
            for (int shift = 8 * (lengthBytes - 1); shift >= 0; shift -= 8) {
                bytes.put((byte) (declared >>> shift));
            }
            if (masked) {
                bytes.putInt(key);
            }
            for (int i = 0; i < payload.remaining(); i++) {
                bytes.put((byte) (payload.get(i) ^ (masked ? key >>> (24 - 8 * (i % 4)) : 0)));
            }
            return bytes.flip();
        }
    }
}
