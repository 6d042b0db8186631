package dev.tenon.ws.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.FrameHeader;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * Arbitraries of what the frame layer knows, all of them legal under RFC 6455 without extensions unless they say
 * otherwise. Each shrinks to less: shorter payloads, fewer frames, plainer text. The most general of each type is found
 * by jqwik itself, so that {@code @ForAll Frame frame} needs nothing more.
 */
public final class Frames {
    private static final int USUAL_PAYLOAD = 300;
    private static final int LONGEST_PAYLOAD = 70_000;
    private static final int LONGEST_CONTROL = FrameRules.MAX_CONTROL_PAYLOAD;

    private Frames() {}

    /**
     * Headers that may stand in a stream without extensions: RSV bits clear, opcodes defined, control frames with FIN.
     *
     * @return an arbitrary of the nine of them
     */
    public static Arbitrary<FrameHeader> headers() {
        return Arbitraries.of(Opcode.values())
                .filter(opcode -> !opcode.isReserved())
                .flatMap(opcode -> Arbitraries.of(true, opcode.isControl()).map(fin -> FrameHeader.of(fin, opcode)));
    }

    /**
     * Frames that are legal alone: of any length form, control frames whole and short, text in well-formed UTF-8 (the
     * fragments of it, too, each for itself), Close frames with a payload that may be sent.
     *
     * @return an arbitrary of frames, mostly shorter than 300 bytes and at most 70,000
     */
    public static Arbitrary<Frame> frames() {
        return headers().flatMap(Frames::withHeader);
    }

    private static Arbitrary<Frame> withHeader(FrameHeader header) {
        return switch (header.opcode()) {
            case TEXT -> text(USUAL_PAYLOAD).map(text -> new Frame(header, ByteBuffer.wrap(text.getBytes(UTF_8))));
            case CLOSE -> closePayloads().map(Frame::close);
            default ->
                payloads(header.opcode().isControl() ? LONGEST_CONTROL : LONGEST_PAYLOAD)
                        .map(payload -> new Frame(header, ByteBuffer.wrap(payload)));
        };
    }

    /**
     * Payloads: mostly short, now and then at the edge of a length form.
     *
     * @param longest the longest, in bytes
     * @return an arbitrary of bytes
     */
    public static Arbitrary<byte[]> payloads(int longest) {
        Arbitrary<byte[]> usual = Arbitraries.bytes().array(byte[].class).ofMaxSize(Math.min(longest, USUAL_PAYLOAD));
        if (longest <= USUAL_PAYLOAD) {
            return usual;
        }
        Arbitrary<byte[]> atAnEdge = Combinators.combine(
                        Arbitraries.of(125, 126, 127, 65_535, 65_536, LONGEST_PAYLOAD)
                                .filter(size -> size <= longest),
                        Arbitraries.bytes())
                .as((size, step) -> {
                    byte[] payload = new byte[size];
                    for (int i = 0; i < size; i++) {
                        payload[i] = (byte) (i * step);
                    }
                    return payload;
                });
        return Arbitraries.frequencyOf(Tuple.of(30, usual), Tuple.of(1, atAnEdge));
    }

    /**
     * Well-formed Unicode: ASCII as well as code points of two, three and four bytes.
     *
     * @param longest the longest, in code points
     * @return an arbitrary of text without lone surrogates
     */
    public static Arbitrary<String> text(int longest) {
        Arbitrary<Integer> codePoint = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.integers().between(0, 0x7F).shrinkTowards('a')),
                Tuple.of(1, Arbitraries.integers().between(0x80, 0x7FF)),
                Tuple.of(1, Arbitraries.integers().between(0x800, 0xD7FF)),
                Tuple.of(1, Arbitraries.integers().between(0xE000, 0xFFFF)),
                Tuple.of(1, Arbitraries.integers().between(0x10000, Character.MAX_CODE_POINT)));
        return codePoint.list().ofMaxSize(longest).map(points -> {
            StringBuilder text = new StringBuilder();
            points.forEach(text::appendCodePoint);
            return text.toString();
        });
    }

    /**
     * Close codes that may travel.
     *
     * @return an arbitrary of defined, registered and private codes
     */
    public static Arbitrary<CloseCode> closeCodes() {
        return Arbitraries.frequencyOf(
                        Tuple.of(
                                2,
                                Arbitraries.of(1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014)),
                        Tuple.of(1, Arbitraries.integers().between(3000, 4999)))
                .map(CloseCode::new);
    }

    /**
     * Payloads of Close frames that may be sent: none, a code, a code and a reason.
     *
     * @return an arbitrary of payloads, reasons up to the longest that fits
     */
    public static Arbitrary<ClosePayload> closePayloads() {
        Arbitrary<ClosePayload> withCode =
                Combinators.combine(closeCodes(), text(130)).as(ClosePayload::cutToFit);
        return Arbitraries.frequencyOf(Tuple.of(1, Arbitraries.just(ClosePayload.EMPTY)), Tuple.of(5, withCode));
    }

    /**
     * A conversation of one direction: messages in any fragmentation, empty fragments included, text cut within code
     * points as well; pings and pongs between any two frames; at the end a Close frame, or none.
     *
     * @return an arbitrary of conversations
     */
    public static Arbitrary<Messages> messages() {
        Arbitrary<Frame> wholeText = text(60).map(Frame::text);
        Arbitrary<Frame> wholeBinary = payloads(USUAL_PAYLOAD).map(bytes -> Frame.binary(ByteBuffer.wrap(bytes)));
        Arbitrary<List<Frame>> control = Arbitraries.of(Opcode.PING, Opcode.PONG)
                .flatMap(opcode -> Arbitraries.bytes()
                        .array(byte[].class)
                        .ofMaxSize(LONGEST_CONTROL)
                        .map(bytes -> new Frame(FrameHeader.of(true, opcode), ByteBuffer.wrap(bytes))))
                .list()
                .ofMaxSize(2);
        Arbitrary<Fragmentation> fragmentation = Combinators.combine(
                        Arbitraries.oneOf(wholeText, wholeBinary),
                        Arbitraries.doubles().between(0, 1).list().ofMaxSize(4),
                        Arbitraries.frequencyOf(Tuple.of(2, Arbitraries.just(List.<Frame>of())), Tuple.of(1, control)))
                .as(Fragmentation::new);
        Arbitrary<List<Frame>> close = Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.just(List.of())),
                Tuple.of(1, closePayloads().map(p -> List.of(Frame.close(p)))));
        return Combinators.combine(fragmentation.list().ofMaxSize(5), close).as(Frames::conversation);
    }

    private static Messages conversation(List<Fragmentation> fragmentations, List<Frame> close) {
        List<Frame> whole = new ArrayList<>();
        List<Frame> frames = new ArrayList<>();
        for (Fragmentation fragmentation : fragmentations) {
            whole.add(fragmentation.message);
            fragmentation.addTo(frames);
        }
        frames.addAll(close);
        return new Messages(whole, frames);
    }

    /** A message, where it is cut (as parts of its length), and what control frames follow each fragment. */
    private record Fragmentation(Frame message, List<Double> cuts, List<Frame> control) {
        void addTo(List<Frame> frames) {
            ByteBuffer payload = message.payload();
            int length = payload.remaining();
            FrameHeader next = message.header().withFin(false);
            for (double cut : cuts.stream().sorted().toList()) {
                int end = (int) (cut * length);
                frames.add(new Frame(next, payload.duplicate().limit(end)));
                frames.addAll(control);
                payload.position(end);
                next = FrameHeader.of(false, Opcode.CONTINUATION);
            }
            frames.add(new Frame(next.withFin(true), payload));
            frames.addAll(control);
        }
    }

    /**
     * Frames with one thing wrong, as bytes, with the rule that they break.
     *
     * @param sender the end that has sent it
     * @return an arbitrary of broken frames
     */
    public static Arbitrary<BrokenFrame> broken(Role sender) {
        return Arbitraries.of(FrameRules.Violation.values())
                .filter(rule -> BrokenFrame.concerns(rule, sender))
                .flatMap(rule -> Combinators.combine(
                                Arbitraries.integers().between(0, 1000), payloads(100), Arbitraries.integers())
                        .as((choice, payload, key) -> BrokenFrame.of(rule, sender, choice, payload, key)));
    }
}
