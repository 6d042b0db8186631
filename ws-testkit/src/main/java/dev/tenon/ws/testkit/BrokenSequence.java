package dev.tenon.ws.testkit;

import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.CloseViolation;
import dev.tenon.ws.frame.ConnectionViolation;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.MessageViolation;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frames with one defect in their order or payload, while each header is legal. Immutable. See {@link
 * Frames#brokenSequences}.
 *
 * @param defect the defect
 * @param sender the end that sends it
 * @param delivered the complete messages before the defect, which are all that the receiver delivers
 * @param frames the frames in order; none follows the defect
 * @param closeCode the code of the receiver's Close frame
 */
public record BrokenSequence(
        Defect defect, Role sender, List<Frame> delivered, List<Frame> frames, CloseCode closeCode) {
    /** A defect in the order or payload of frames. */
    @SuppressWarnings("ImmutableEnumChecker") // constants of enums
    public enum Defect {
        /** A continuation without a message: 1002 (RFC 6455 §5.4). */
        CONTINUATION_WITHOUT_MESSAGE(MessageViolation.CONTINUATION_WITHOUT_MESSAGE),
        /** A text or binary frame inside another message: 1002 (RFC 6455 §5.4). */
        MESSAGE_WITHIN_MESSAGE(MessageViolation.MESSAGE_WITHIN_MESSAGE),
        /** Text that is not UTF-8, in one frame or in the middle of several: 1007 (RFC 6455 §8.1). */
        TEXT_NOT_UTF_8(MessageViolation.TEXT_NOT_UTF_8),
        /** A Close frame with one byte of payload: 1002 (RFC 6455 §5.5.1). */
        CLOSE_PAYLOAD_OF_ONE_BYTE(CloseViolation.CODE_INCOMPLETE),
        /** A Close frame with a code that must not be sent: 1002 (RFC 6455 §7.4). */
        CLOSE_CODE_NOT_TO_BE_SENT(CloseViolation.CODE_NOT_ALLOWED),
        /** A Close frame whose reason is not UTF-8: 1007 (RFC 6455 §5.5.1, §8.1). */
        CLOSE_REASON_NOT_UTF_8(CloseViolation.REASON_NOT_UTF_8),
        /**
         * A message behind the Close frame. The receiver ignores it and responds to the Close frame with the same code
         * (RFC 6455 §5.5.1).
         */
        MESSAGE_BEHIND_CLOSE(null);

        private final @Nullable ConnectionViolation violation;

        Defect(@Nullable ConnectionViolation violation) {
            this.violation = violation;
        }

        /**
         * Returns the broken rule.
         *
         * @return the violation of a {@code ProtocolException}; null if the receiver ignores the defect
         */
        public @Nullable ConnectionViolation violation() {
            return violation;
        }
    }

    /**
     * A broken sequence.
     *
     * @param defect the defect
     * @param sender the end that sends it
     * @param delivered the complete messages before the defect
     * @param frames the frames in order
     * @param closeCode the code of the receiver's Close frame
     */
    public BrokenSequence {
        delivered = List.copyOf(delivered);
        frames = List.copyOf(frames);
    }

    /**
     * Returns the frames as they are sent, masked if a client sends them.
     *
     * @return a new buffer with all frames
     */
    public ByteBuffer bytes() {
        return FrameSequence.encodeAll(frames, FrameSequence.encoder(sender));
    }

    /**
     * Returns a text for reports.
     *
     * @return defect, sender, and a line for each frame
     */
    @Override
    public String toString() {
        return defect + " from " + sender + ", to be answered with " + closeCode
                + new FrameSequence(sender, delivered, frames)
                        .toString()
                        .substring(5 + sender.toString().length());
    }
}
