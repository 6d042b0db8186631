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
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/**
 * The laws that a codec of frames must obey (RFC 6455 §5), as jqwik properties. Subclass it in a test and say in three
 * methods how the codec under test is used; it need not be Tenon's.
 *
 * <p>What a decoder is given is a valid stream, message by message, up to the one thing that is wrong; so it may know of
 * messages as well. Its input is overwritten as soon as a call returns.
 */
public abstract class CodecLaws {
    /** For subclasses. */
    protected CodecLaws() {}

    /**
     * A decoder at the start of a stream without extensions.
     *
     * @param receiver the end that decodes
     * @param maxPayload the longest payload of a frame that it accepts, in bytes
     * @param frames takes each frame as soon as its last byte was decoded
     * @return takes the bytes of the stream, in any split; throws what {@link #closeCode} knows of if a rule is broken
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
     * What a failure of the decoder means.
     *
     * @param thrown what it has thrown
     * @return the code to fail the connection with, or null if it should never throw that
     */
    protected abstract @Nullable CloseCode closeCode(RuntimeException thrown);

    /**
     * The code that the decoder is expected to fail with. Override it only where a codec is known to differ, so that the
     * difference is written down.
     *
     * @param violation the rule that is broken
     * @return by default what RFC 6455 says; null if the codec does not fail, which is a difference, too
     */
    protected @Nullable CloseCode expected(FrameViolation violation) {
        return violation.closeCode();
    }

    /**
     * What it encodes, it decodes.
     *
     * @param sequence what is sent
     * @param cuts where the bytes are cut
     */
    @Property(tries = 300)
    public void whatItEncodesItDecodes(@ForAll FrameSequence sequence, @ForAll Random cuts) {
        Stream stream = new Stream(sequence.sender().peer(), Frames.LONGEST_PAYLOAD);
        for (Frame frame : sequence.frames()) {
            stream.feed(encode(frame, sequence.sender()), cuts);
        }
        stream.expect(sequence.frames());
        check(stream.failure == null, "failed on its own frames: " + stream.failure);
    }

    /**
     * What it encodes is a legal frame, of any length, and says what it should: minimal lengths, masks by role.
     *
     * @param frame a frame
     * @param sender the end that sends it
     */
    @Property(tries = 500)
    public void whatItEncodesIsLegal(@ForAll Frame frame, @ForAll Role sender) {
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
     * Wherever the bytes are cut, it decodes the same frames, each as soon as it is whole.
     *
     * @param sequence what is sent
     * @param cuts where the bytes are cut
     */
    @Property(tries = 300)
    public void whereverTheBytesAreCutItDecodesTheSame(@ForAll FrameSequence sequence, @ForAll Random cuts) {
        Stream stream = new Stream(sequence.sender().peer(), Frames.LONGEST_PAYLOAD);
        stream.feed(sequence.bytes(), cuts);
        stream.expect(sequence.frames());
        check(stream.failure == null, "failed on legal frames: " + stream.failure);
    }

    /**
     * A single defect fails with the code that goes with it; what came before is handed on, and nothing afterwards.
     *
     * @param before the messages that are sent before
     * @param broken what is wrong
     * @param cuts where the bytes are cut
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
            check(failure == null, "it does fail: that it does not is no difference any more");
            return;
        }
        check(failure != null, "took " + broken);
        CloseCode code = failure == null ? null : closeCode(failure);
        check(expected.equals(code), "failed with " + code + " instead of " + expected + ": " + failure);
        stream.feed(good.bytes(), cuts);
        stream.expect(good.frames());
    }

    /**
     * Whatever comes, it throws nothing that it does not own up to.
     *
     * @param bytes any bytes
     * @param receiver the end that decodes
     * @param cuts where the bytes are cut
     */
    @Property(tries = 1000)
    public void anyBytesAtAllDoNoHarm(@ForAll byte[] bytes, @ForAll Role receiver, @ForAll Random cuts) {
        new Stream(receiver, BrokenFrame.LIMIT).feed(ByteBuffer.wrap(bytes), cuts);
    }

    private static ByteBuffer copyOf(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    }

    /** A decoder at work. */
    private final class Stream {
        final List<Frame> frames = new ArrayList<>();
        final Consumer<ByteBuffer> decoder;

        @Nullable
        RuntimeException failure;

        Stream(Role receiver, int maxPayload) {
            decoder = decoder(
                    receiver, maxPayload, frame -> frames.add(new Frame(frame.firstByte(), copyOf(frame.payload()))));
        }

        /** Gives it bytes in pieces cut anywhere. */
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
                        throw new AssertionError("threw what it should not: " + e, e);
                    }
                    failure = failure == null ? e : failure;
                }
                FrameRecorder.scribble(ByteBuffer.wrap(piece));
            }
        }

        void expect(List<Frame> expected) {
            check(frames.equals(expected), "decoded " + frames + " instead of " + expected);
        }
    }
}
