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
 * Frames that are each legal alone, with one thing wrong between or within them, which no look at a header finds.
 * Immutable. See {@link Frames#brokenSequences}.
 *
 * @param defect what is wrong
 * @param sender the end that has sent it
 * @param delivered the whole messages before that, which the receiver still hands on, and nothing else
 * @param frames the frames in order; nothing follows what is wrong
 * @param closeCode the code of the Close frame that the receiver answers with
 */
public record BrokenSequence(
        Defect defect, Role sender, List<Frame> delivered, List<Frame> frames, CloseCode closeCode) {
    /** What can be wrong with frames that are good alone. */
    @SuppressWarnings("ImmutableEnumChecker") // constants of enums
    public enum Defect {
        /** A continuation where no message has begun: 1002 (RFC 6455 §5.4). */
        CONTINUATION_WITHOUT_MESSAGE(MessageViolation.CONTINUATION_WITHOUT_MESSAGE),
        /** A text or binary frame while another message lacks its end: 1002 (RFC 6455 §5.4). */
        MESSAGE_WITHIN_MESSAGE(MessageViolation.MESSAGE_WITHIN_MESSAGE),
        /** Text that is not UTF-8, in one frame or in the middle of several: 1007 (RFC 6455 §8.1). */
        TEXT_NOT_UTF_8(MessageViolation.TEXT_NOT_UTF_8),
        /** A Close frame with half a code: 1002 (RFC 6455 §5.5.1). */
        CLOSE_PAYLOAD_OF_ONE_BYTE(CloseViolation.CODE_INCOMPLETE),
        /** A Close frame with a code that must not travel: 1002 (RFC 6455 §7.4). */
        CLOSE_CODE_NOT_TO_BE_SENT(CloseViolation.CODE_NOT_ALLOWED),
        /** A Close frame whose reason is not UTF-8: 1007 (RFC 6455 §5.5.1, §8.1). */
        CLOSE_REASON_NOT_UTF_8(CloseViolation.REASON_NOT_UTF_8),
        /**
         * A message behind the Close frame: it is not delivered, and the Close frame is answered with its own code as if
         * nothing followed (RFC 6455 §5.5.1).
         */
        MESSAGE_BEHIND_CLOSE(null);

        private final @Nullable ConnectionViolation violation;

        Defect(@Nullable ConnectionViolation violation) {
            this.violation = violation;
        }

        /**
         * The rule that it breaks.
         *
         * @return what a {@code ProtocolException} names; null if the receiver ignores what is wrong
         */
        public @Nullable ConnectionViolation violation() {
            return violation;
        }
    }

    /**
     * A broken sequence.
     *
     * @param defect what is wrong
     * @param sender the end that has sent it
     * @param delivered the whole messages before that
     * @param frames the frames in order
     * @param closeCode the code of the Close frame that the receiver answers with
     */
    public BrokenSequence {
        delivered = List.copyOf(delivered);
        frames = List.copyOf(frames);
    }

    /**
     * The frames as they travel, masked if a client sends them.
     *
     * @return a new buffer that holds them all
     */
    public ByteBuffer bytes() {
        return FrameSequence.encodeAll(frames, FrameSequence.encoder(sender));
    }

    /**
     * For people: the rule, then a line for each frame.
     *
     * @return rule, sender and frames
     */
    @Override
    public String toString() {
        return defect + " from " + sender + ", to be answered with " + closeCode
                + new FrameSequence(sender, delivered, frames)
                        .toString()
                        .substring(5 + sender.toString().length());
    }
}
