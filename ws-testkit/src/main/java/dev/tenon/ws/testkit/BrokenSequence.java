package dev.tenon.ws.testkit;

import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Frames that are each legal alone, with one thing wrong between or within them, which no look at a header finds.
 * Immutable. See {@link Frames#brokenSequences}.
 *
 * @param violation the rule that is broken
 * @param sender the end that has sent it
 * @param delivered the whole messages before that, which the receiver still hands on, and nothing else
 * @param frames the frames in order; nothing follows what is wrong
 * @param closeCode the code of the Close frame that the receiver answers with
 */
public record BrokenSequence(
        Violation violation, Role sender, List<Frame> delivered, List<Frame> frames, CloseCode closeCode) {
    /** A rule that frames must obey together. */
    public enum Violation {
        /** A continuation where no message has begun: 1002 (RFC 6455 §5.4). */
        CONTINUATION_WITHOUT_MESSAGE("a continuation frame without a message to continue"),
        /** A text or binary frame while another message lacks its end: 1002 (RFC 6455 §5.4). */
        MESSAGE_WITHIN_MESSAGE("a new message must not begin before the one under way has ended"),
        /** Text that is not UTF-8, in one frame or in the middle of several: 1007 (RFC 6455 §8.1). */
        TEXT_NOT_UTF_8("text must be UTF-8"),
        /** A Close frame with half a code: 1002 (RFC 6455 §5.5.1). */
        CLOSE_PAYLOAD_OF_ONE_BYTE("a close payload of one byte holds no code"),
        /** A Close frame with a code that must not travel: 1002 (RFC 6455 §7.4). */
        CLOSE_CODE_NOT_TO_BE_SENT("the close code must not be sent"),
        /** A Close frame whose reason is not UTF-8: 1007 (RFC 6455 §5.5.1, §8.1). */
        CLOSE_REASON_NOT_UTF_8("the close reason must be UTF-8"),
        /**
         * A message behind the Close frame: it is not delivered, and the Close frame is answered with its own code as if
         * nothing followed (RFC 6455 §5.5.1).
         */
        MESSAGE_BEHIND_CLOSE("nothing follows a Close frame");

        private final String rule;

        Violation(String rule) {
            this.rule = rule;
        }

        /**
         * The rule in words.
         *
         * @return one clause, without a full stop
         */
        public String rule() {
            return rule;
        }
    }

    /**
     * A broken sequence.
     *
     * @param violation the rule that is broken
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
        return violation + " from " + sender + ", to be answered with " + closeCode
                + new FrameSequence(sender, delivered, frames)
                        .toString()
                        .substring(5 + sender.toString().length());
    }
}
