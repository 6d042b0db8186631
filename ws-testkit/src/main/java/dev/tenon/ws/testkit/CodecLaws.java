package dev.tenon.ws.testkit;

import static dev.tenon.ws.testkit.FrameRecorder.check;

import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.FrameDecoder;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.FrameViolation;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * The laws that a codec of frames must obey (RFC 6455 §5), as jqwik properties. Subclass it in a test and implement
 * three methods for the codec under test, which may be of another project.
 *
 * <p>The decoder receives a valid stream of messages up to the single defect, so it may check messages too. Its input
 * is overwritten as soon as a call returns.
 */
public abstract class CodecLaws {
    /** For subclasses. */
    protected CodecLaws() {}

    /**
     * Returns a decoder at the start of a stream without extensions.
     *
     * @param receiver the end that decodes
     * @param maxPayload the longest payload of a frame that it accepts, in bytes
     * @param frames receives each frame as soon as its last byte was decoded
     * @return receives the bytes of the stream, split anywhere; throws an exception that {@link #closeCode} knows if a
     *     rule is broken
     */
    protected abstract Consumer<ByteBuffer> decoder(Role receiver, int maxPayload, Consumer<Frame> frames);

    /**
     * Encodes a frame.
     *
     * @param frame the frame
     * @param sender the end that sends it
     * @return its bytes, from position to limit
     */
    protected abstract ByteBuffer encode(Frame frame, Role sender);

    /**
     * Returns the meaning of an exception of the decoder.
     *
     * @param thrown the exception
     * @return the code to fail the connection with, or null if the decoder must never throw it
     */
    protected abstract @Nullable CloseCode closeCode(RuntimeException thrown);

    /**
     * The code with which the decoder must fail. Override it to document a known difference of a codec.
     *
     * @param violation the broken rule
     * @return by default the code of RFC 6455; null if the codec does not fail
     */
    protected @Nullable CloseCode expected(FrameViolation violation) {
        return violation.closeCode();
    }

    /**
     * It decodes the frames that it encodes.
     *
     * @param sequence the frames
     * @param cuts where the bytes are split
     */
    @Property(tries = 300)
    public void decodingInvertsEncodingOfFrames(@ForAll FrameSequence sequence, @ForAll Random cuts) {
        Stream stream = new Stream(sequence.sender().peer(), Frames.LONGEST_PAYLOAD);
        for (Frame frame : sequence.frames()) {
            stream.feed(encode(frame, sequence.sender()), cuts);
        }
        stream.expect(sequence.frames());
        check(stream.failure == null, "failed on its own frames: " + stream.failure);
    }

    /**
     * It encodes a legal frame of any length, with a minimal length field and masking by role.
     *
     * @param frame a frame
     * @param sender the end that sends it
     */
    @Property(tries = 500)
    public void encodedFramesAreLegal(@ForAll Frame frame, @ForAll Role sender) {
        ByteBuffer bytes = copyOf(encode(frame, sender));
        List<Frame> decoded = new ArrayList<>();
        FrameDecoder decoder = new FrameDecoder(FrameRules.receivedBy(sender.peer()));
        var joining = Frame.joining(decoder, decoded::add);
        while (decoder.decode(bytes, joining)) {
            // all pieces
        }
        check(decoder.isBetweenFrames(), "half a frame");
        check(decoded.equals(List.of(frame)), "encoded " + decoded + " instead of " + frame);
    }

    /**
     * It decodes the same frames wherever the bytes are split, each as soon as it is complete.
     *
     * @param sequence the frames
     * @param cuts where the bytes are split
     */
    @Property(tries = 300)
    public void whereverTheBytesAreCutItDecodesTheSame(@ForAll FrameSequence sequence, @ForAll Random cuts) {
        Stream stream = new Stream(sequence.sender().peer(), Frames.LONGEST_PAYLOAD);
        stream.feed(sequence.bytes(), cuts);
        stream.expect(sequence.frames());
        check(stream.failure == null, "failed on legal frames: " + stream.failure);
    }

    /**
     * It decodes a frame with a length field of any form. The frames of the other laws are short.
     *
     * @param length the length of the payload, in bytes
     * @param sender the end that sends it
     * @param cuts where the bytes are split
     */
    @Property(tries = 60)
    public void framesOfAnyLengthAreDecoded(@ForAll("lengths") int length, @ForAll Role sender, @ForAll Random cuts) {
        byte[] payload = new byte[length];
        for (int i = 0; i < length; i++) {
            payload[i] = (byte) (i * 31);
        }
        Frame frame = Frame.binary(ByteBuffer.wrap(payload));
        Stream stream = new Stream(sender.peer(), Frames.LONGEST_PAYLOAD);
        stream.feed(new FrameSequence(sender, List.of(frame), List.of(frame, frame)).bytes(), cuts);
        stream.expect(List.of(frame, frame));
        check(stream.failure == null, "failed on " + length + " bytes: " + stream.failure);
    }

    /**
     * The longest and shortest payloads for each form of the length field, and others.
     *
     * @return lengths of payloads in bytes, at most 70,000
     */
    @Provide
    protected Arbitrary<Integer> lengths() {
        return Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.of(0, 125, 126, 127, 65_535, 65_536, Frames.LONGEST_PAYLOAD)),
                Tuple.of(1, Arbitraries.integers().between(0, Frames.LONGEST_PAYLOAD)));
    }

    /**
     * It fails with the right code for a single defect. It passes on the frames before the defect, and none after it.
     *
     * @param before the messages before the defect
     * @param broken the frame with the defect
     * @param cuts where the bytes are split
     */
    @Property(tries = 1000)
    public void aDefectFailsWithItsCodeAndNothingFollows(
            @ForAll FrameSequence before, @ForAll BrokenFrame broken, @ForAll Random cuts) {
        List<Frame> open = before.frames().stream()
                .filter(frame -> frame.firstByte().opcode() != Opcode.CLOSE)
                .toList();
        FrameSequence good = new FrameSequence(broken.sender(), before.messages(), open);
        Stream stream = new Stream(broken.sender().peer(), BrokenFrame.LIMIT);
        stream.feed(good.bytes(), cuts);
        check(stream.failure == null, "failed on legal frames: " + stream.failure);
        stream.feed(broken.bytes(), cuts);
        CloseCode expected = expected(broken.violation());
        RuntimeException failure = stream.failure;
        if (expected == null) {
            check(failure == null, "it does fail now: remove the expected difference");
            return;
        }
        check(failure != null, "took " + broken);
        CloseCode code = failure == null ? null : closeCode(failure);
        check(expected.equals(code), "failed with " + code + " instead of " + expected + ": " + failure);
        stream.feed(good.bytes(), cuts);
        stream.expect(good.frames());
    }

    /**
     * For any bytes, it throws only exceptions that {@link #closeCode} knows.
     *
     * @param bytes any bytes
     * @param receiver the end that decodes
     * @param cuts where the bytes are split
     */
    @Property(tries = 1000)
    public void arbitraryBytesAreDecodedOrRejected(@ForAll byte[] bytes, @ForAll Role receiver, @ForAll Random cuts) {
        new Stream(receiver, BrokenFrame.LIMIT).feed(ByteBuffer.wrap(bytes), cuts);
    }

    private static ByteBuffer copyOf(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    }

    /** A running decoder. */
    private final class Stream {
        final List<Frame> frames = new ArrayList<>();
        final Consumer<ByteBuffer> decoder;

        @Nullable
        RuntimeException failure;

        Stream(Role receiver, int maxPayload) {
            decoder = decoder(
                    receiver, maxPayload, frame -> frames.add(new Frame(frame.firstByte(), copyOf(frame.payload()))));
        }

        /** Passes bytes to the decoder in pieces of random length. */
        void feed(ByteBuffer bytes, Random cuts) {
            ByteBuffer left = bytes.duplicate();
            int usual = 1 << cuts.nextInt(12);
            while (left.hasRemaining()) {
                byte[] piece = new byte[Math.min(left.remaining(), 1 + cuts.nextInt(usual))];
                left.get(piece);
                try {
                    decoder.accept(ByteBuffer.wrap(piece));
                } catch (RuntimeException e) {
                    if (closeCode(e) == null) {
                        throw new AssertionError("threw an unexpected exception: " + e, e);
                    }
                    failure = failure == null ? e : failure;
                }
                FrameRecorder.overwrite(ByteBuffer.wrap(piece));
            }
        }

        void expect(List<Frame> expected) {
            check(frames.equals(expected), "decoded " + frames + " instead of " + expected);
        }
    }
}
