package dev.tenon.ws.frame;

import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a receiver accepts in a frame header: masking, length, and the RSV bits and opcodes that an extension owns.
 * {@link #check} applies the rules to one header. The rules for the frames of a message are elsewhere ({@link
 * MessageViolation}). Immutable and thread-safe; any number of connections may share one value.
 */
public final class FrameRules {
    /** The longest payload of a control frame, in bytes (RFC 6455 §5.5). */
    public static final int MAX_CONTROL_PAYLOAD = 125;

    private static final int RSV = 0x70;
    private static final int CONTROL = 0x08;
    private static final Set<Opcode> DEFINED =
            Set.of(Opcode.CONTINUATION, Opcode.TEXT, Opcode.BINARY, Opcode.CLOSE, Opcode.PING, Opcode.PONG);

    private final boolean maskAccepted;
    private final boolean noMaskAccepted;
    private final long maxPayloadLength;
    /** The forbidden RSV bits, at their places in the first byte. */
    private final int rsvForbidden;
    /** One bit for each opcode. */
    private final int opcodesAllowed;

    private FrameRules(
            boolean maskAccepted, boolean noMaskAccepted, long maxPayloadLength, int rsvForbidden, int opcodesAllowed) {
        this.maskAccepted = maskAccepted;
        this.noMaskAccepted = noMaskAccepted;
        this.maxPayloadLength = maxPayloadLength;
        this.rsvForbidden = rsvForbidden;
        this.opcodesAllowed = opcodesAllowed;
    }

    /**
     * Returns the rules of RFC 6455 without extensions, for frames of any length.
     *
     * @param receiver the end that reads: a server accepts only masked frames, a client only unmasked ones (RFC 6455
     *     §5.1)
     * @return the rules
     */
    public static FrameRules receivedBy(Role receiver) {
        boolean server = receiver == Role.SERVER;
        return new FrameRules(server, !server, Long.MAX_VALUE, RSV, bits(DEFINED));
    }

    /**
     * Returns rules for two programs that agree to send unmasked frames in both directions, such as processes of one
     * machine on a Unix domain socket. RFC 6455 forbids this: no browser and no other peer may be at the other end.
     *
     * @return rules that accept only unmasked frames, for both roles
     */
    public static FrameRules unmaskedBetweenTrustedPeers() {
        return receivedBy(Role.CLIENT);
    }

    /**
     * Returns these rules for masked and unmasked frames alike, for an inspector that does not know which end sends. An
     * endpoint must not use them: RFC 6455 §5.1 requires it to refuse the wrong kind. {@link FrameDecoder#isMasked()}
     * says which kind a frame is.
     *
     * @return the new rules
     */
    public FrameRules withAnyMasking() {
        return new FrameRules(true, true, maxPayloadLength, rsvForbidden, opcodesAllowed);
    }

    /**
     * Returns these rules with a limit on the payload of a frame.
     *
     * @param bytes the longest payload accepted, 0 or more; control frames keep their own limit of 125
     * @return the new rules
     * @throws IllegalArgumentException if {@code bytes} is negative
     */
    public FrameRules withMaxPayloadLength(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("a payload length is not negative: " + bytes);
        }
        return new FrameRules(maskAccepted, noMaskAccepted, bytes, rsvForbidden, opcodesAllowed);
    }

    /**
     * Returns these rules with the RSV bits and opcodes of negotiated extensions allowed too (RFC 6455 §9).
     *
     * @param rsv any union of {@link FirstByte#RSV1}, {@link FirstByte#RSV2} and {@link FirstByte#RSV3}
     * @param opcodes reserved opcodes that are now in use
     * @return the new rules
     * @throws IllegalArgumentException if {@code rsv} has other bits
     */
    public FrameRules withOwned(int rsv, Set<Opcode> opcodes) {
        if ((rsv & ~7) != 0) {
            throw new IllegalArgumentException("RSV1-3 are three bits, not " + rsv);
        }
        return new FrameRules(
                maskAccepted,
                noMaskAccepted,
                maxPayloadLength,
                rsvForbidden & ~(rsv << 4),
                opcodesAllowed | bits(opcodes));
    }

    /** Rules are equal if they accept the same frames. */
    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof FrameRules other
                && maskAccepted == other.maskAccepted
                && noMaskAccepted == other.noMaskAccepted
                && maxPayloadLength == other.maxPayloadLength
                && rsvForbidden == other.rsvForbidden
                && opcodesAllowed == other.opcodesAllowed;
    }

    @Override
    public int hashCode() {
        return Objects.hash(maskAccepted, noMaskAccepted, maxPayloadLength, rsvForbidden, opcodesAllowed);
    }

    /**
     * Returns the longest payload accepted in a frame.
     *
     * @return bytes
     */
    public long maxPayloadLength() {
        return maxPayloadLength;
    }

    /**
     * Checks a frame header. A pure function that allocates nothing.
     *
     * @param firstByte the first byte
     * @param masked the MASK bit
     * @param payloadLength the length as sent; a 64-bit length with its top bit set is negative here
     * @param lengthBytes how many bytes the extended length took: 0, 2 or 8
     * @return the first rule that is broken, in the order of {@link FrameViolation}, or null if the header is good
     */
    public @Nullable FrameViolation check(FirstByte firstByte, boolean masked, long payloadLength, int lengthBytes) {
        int first = firstByte.value();
        boolean good = (first & rsvForbidden) == 0
                && ((opcodesAllowed >>> (first & 0xF)) & 1) != 0
                && (masked ? maskAccepted : noMaskAccepted)
                && payloadLength <= maxPayloadLength
                && lengthBytes == FrameEncoder.lengthBytes(payloadLength);
        if (good && ((first & CONTROL) == 0 || (firstByte.fin() && lengthBytes == 0))) {
            return null;
        }
        return firstViolation(firstByte, masked, payloadLength, lengthBytes);
    }

    private @Nullable FrameViolation firstViolation(FirstByte firstByte, boolean masked, long length, int lengthBytes) {
        int first = firstByte.value();
        if ((first & rsvForbidden) != 0) {
            return FrameViolation.RSV_NOT_NEGOTIATED;
        }
        if (((opcodesAllowed >>> (first & 0xF)) & 1) == 0) {
            return FrameViolation.OPCODE_NOT_NEGOTIATED;
        }
        boolean control = (first & CONTROL) != 0;
        if (control && !firstByte.fin()) {
            return FrameViolation.CONTROL_FRAME_FRAGMENTED;
        }
        if (control && (length < 0 || length > MAX_CONTROL_PAYLOAD)) {
            return FrameViolation.CONTROL_FRAME_TOO_LONG;
        }
        if (!(masked ? maskAccepted : noMaskAccepted)) {
            return masked ? FrameViolation.MASK_FORBIDDEN : FrameViolation.MASK_MISSING;
        }
        if (length < 0) {
            return FrameViolation.LENGTH_TOP_BIT_SET;
        }
        if (lengthBytes != FrameEncoder.lengthBytes(length)) {
            return FrameViolation.LENGTH_NOT_MINIMAL;
        }
        return length > maxPayloadLength && !control ? FrameViolation.FRAME_TOO_LONG : null;
    }

    private static int bits(Set<Opcode> opcodes) {
        int bits = 0;
        for (Opcode opcode : opcodes) {
            bits |= 1 << opcode.code();
        }
        return bits;
    }
}
