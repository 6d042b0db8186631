package dev.tenon.ws.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.FrameViolation;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * Arbitraries of the frame layer, all of them legal under RFC 6455 without extensions unless their Javadoc says
 * otherwise. They shrink to shorter payloads, fewer frames and simpler text. jqwik finds them by type, so
 * {@code @ForAll Frame frame} is enough; {@link SentBy}, {@link PayloadSize} and {@link Rsv} narrow or widen them.
 */
public final class Frames {
    static final int LONGEST_PAYLOAD = 70_000;

    private static final int USUAL_PAYLOAD = 300;
    private static final int LONGEST_CONTROL = FrameRules.MAX_CONTROL_PAYLOAD;
    /** In the order of shrinking, the simplest first. */
    private static final List<Opcode> OPCODES =
            List.of(Opcode.TEXT, Opcode.BINARY, Opcode.CONTINUATION, Opcode.PING, Opcode.PONG, Opcode.CLOSE);

    private Frames() {}

    /**
     * Generates first bytes of frames without extensions: RSV bits clear, opcodes defined, control frames with FIN.
     *
     * @return an arbitrary of the nine of them
     */
    public static Arbitrary<FirstByte> headers() {
        return headers(Shape.ANY);
    }

    static Arbitrary<FirstByte> headers(Shape shape) {
        return Combinators.combine(Arbitraries.of(OPCODES), Arbitraries.of(true, false), shape.rsvBits())
                .as((opcode, fin, rsv) ->
                        FirstByte.of(fin || opcode.isControl(), opcode).withRsv(rsv));
    }

    /**
     * Generates legal frames: any form of the length field, short control frames with FIN, text in well-formed UTF-8
     * (in each fragment), Close frames with a valid payload.
     *
     * @return an arbitrary of frames, mostly shorter than 300 bytes and at most 70,000
     */
    public static Arbitrary<Frame> frames() {
        return frames(Shape.ANY);
    }

    static Arbitrary<Frame> frames(Shape shape) {
        return headers(shape)
                .filter(firstByte -> !firstByte.opcode().isControl() || shape.min() <= LONGEST_CONTROL)
                .filter(firstByte -> firstByte.opcode() != Opcode.CLOSE || shape.max() != 1 || shape.min() == 0)
                .flatMap(firstByte -> payload(firstByte.opcode(), shape)
                        .map(payload -> new Frame(firstByte, ByteBuffer.wrap(payload))));
    }

    private static Arbitrary<byte[]> payload(Opcode opcode, Shape shape) {
        return switch (opcode) {
            case TEXT -> text(USUAL_PAYLOAD).map(text -> fitted(text, shape.min(), shape.max()));
            case CLOSE -> closeBytes(shape.min(), Math.min(shape.max(), LONGEST_CONTROL));
            case PING, PONG -> bytes(shape.min(), Math.min(shape.max(), LONGEST_CONTROL));
            default -> bytes(shape.min(), shape.max());
        };
    }

    /** Text in UTF-8, cut between code points to the greatest length, or filled up to the least length. */
    private static byte[] fitted(String text, int min, int max) {
        byte[] bytes = text.getBytes(UTF_8);
        int length = Math.min(bytes.length, max);
        while (length < bytes.length && length > 0 && (bytes[length] & 0xC0) == 0x80) {
            length--;
        }
        byte[] fitted = Arrays.copyOf(bytes, Math.max(length, min));
        Arrays.fill(fitted, length, fitted.length, (byte) 'a');
        return fitted;
    }

    private static Arbitrary<byte[]> closeBytes(int min, int max) {
        if (max < 2) {
            return Arbitraries.just(new byte[0]);
        }
        Arbitrary<byte[]> withCode = Combinators.combine(closeCodes(), text(130))
                .as((code, reason) -> closeBytes(code, fitted(reason, Math.max(min - 2, 0), max - 2)));
        return min > 0 ? withCode : Arbitraries.oneOf(Arbitraries.just(new byte[0]), withCode);
    }

    static byte[] closeBytes(CloseCode code, byte[] reason) {
        return ByteBuffer.allocate(2 + reason.length)
                .put((byte) (code.value() >> 8))
                .put((byte) code.value())
                .put(reason)
                .array();
    }

    /**
     * Generates payloads: mostly short, sometimes at a boundary of the length field.
     *
     * @param longest the longest, in bytes
     * @return an arbitrary of bytes
     */
    public static Arbitrary<byte[]> payloads(int longest) {
        return bytes(0, longest);
    }

    private static Arbitrary<byte[]> bytes(int min, int max) {
        Arbitrary<byte[]> usual = Arbitraries.bytes()
                .array(byte[].class)
                .ofMinSize(min)
                .ofMaxSize(Math.min(max, Math.max(min, USUAL_PAYLOAD)));
        List<Integer> edges = List.of(125, 126, 127, 65_535, 65_536, LONGEST_PAYLOAD).stream()
                .filter(size -> size >= min && size <= max)
                .toList();
        if (max <= USUAL_PAYLOAD || edges.isEmpty()) {
            return usual;
        }
        Arbitrary<byte[]> atAnEdge = Combinators.combine(Arbitraries.of(edges), Arbitraries.bytes())
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
     * Generates well-formed Unicode: ASCII as well as code points of two, three and four bytes.
     *
     * @param longest the longest, in code points
     * @return an arbitrary of text without lone surrogates
     */
    public static Arbitrary<String> text(int longest) {
        Arbitrary<Integer> bytes =
                Arbitraries.frequency(Tuple.of(8, 1), Tuple.of(2, 2), Tuple.of(3, 3), Tuple.of(2, 4));
        Arbitrary<Integer> codePoint = Combinators.combine(
                        bytes, Arbitraries.integers().between(0, 0xFFFFF))
                .as(Frames::codePoint);
        return codePoint.list().ofMaxSize(longest).map(points -> {
            StringBuilder text = new StringBuilder();
            points.forEach(text::appendCodePoint);
            return text.toString();
        });
    }

    /** A code point with the given number of bytes in UTF-8; 0 selects the simplest. */
    private static int codePoint(int bytes, int which) {
        return switch (bytes) {
            case 1 -> ('a' + which) % 0x80;
            case 2 -> 0x80 + which % 0x780;
            case 3 -> 0x800 + which % 0xF000 + (which % 0xF000 < 0xD000 ? 0 : 0x800); // no surrogates
            default -> 0x10000 + which;
        };
    }

    /**
     * Close codes that may be sent.
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
     * Generates payloads of Close frames that may be sent: none, a code, a code and a reason.
     *
     * @return an arbitrary of payloads, reasons up to the longest that fits
     */
    public static Arbitrary<ClosePayload> closePayloads() {
        Arbitrary<ClosePayload> withCode =
                Combinators.combine(closeCodes(), text(130)).as(ClosePayload::cutToFit);
        return Arbitraries.frequencyOf(Tuple.of(1, Arbitraries.just(ClosePayload.EMPTY)), Tuple.of(5, withCode));
    }

    /**
     * Generates all frames of one end: messages in any fragments, also empty ones and text split inside code points;
     * pings and pongs between any two frames; possibly a Close frame at the end.
     *
     * @param sender the end that sends them
     * @return an arbitrary of sequences of up to five messages
     */
    public static Arbitrary<FrameSequence> sequences(Role sender) {
        return sequences(sender, new Shape(sender, 0, USUAL_PAYLOAD, 0));
    }

    static Arbitrary<FrameSequence> sequences(Shape shape) {
        Shape bounded = shape.max() == LONGEST_PAYLOAD && shape.min() <= USUAL_PAYLOAD
                ? new Shape(shape.role(), shape.min(), USUAL_PAYLOAD, shape.rsv())
                : shape;
        return shape.sender().flatMap(sender -> sequences(sender, bounded)).withoutEdgeCases();
    }

    private static Arbitrary<FrameSequence> sequences(Role sender, Shape shape) {
        Arbitrary<List<Frame>> close = Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.just(List.of())),
                Tuple.of(1, closePayloads().map(payload -> List.of(Frame.close(payload)))));
        return Combinators.combine(fragmented(shape).list().ofMaxSize(5), close).as((fragmented, end) -> {
            List<Frame> frames = new ArrayList<>();
            fragmented.forEach(each -> each.addTo(frames));
            frames.addAll(end);
            return new FrameSequence(
                    sender, fragmented.stream().map(Fragmented::message).toList(), frames);
        });
    }

    private static Arbitrary<Fragmented> fragmented(Shape shape) {
        Arbitrary<Opcode> opcodes = Arbitraries.of(Opcode.TEXT, Opcode.BINARY);
        Arbitrary<Frame> message = Combinators.combine(opcodes, shape.rsvBits())
                .flatAs((opcode, rsv) -> payload(opcode, shape)
                        .map(bytes -> new Frame(FirstByte.of(true, opcode).withRsv(rsv), ByteBuffer.wrap(bytes))));
        return fragmented(message);
    }

    static Arbitrary<Fragmented> fragmented(Arbitrary<Frame> message) {
        Arbitrary<Fragmented.Cut> cut = Combinators.combine(
                        Arbitraries.integers().between(0, 1000), controls())
                .as(Fragmented.Cut::new);
        return Combinators.combine(message, cut.list().ofMaxSize(4), controls()).as(Fragmented::new);
    }

    private static Arbitrary<List<Frame>> controls() {
        Arbitrary<Frame> control = Combinators.combine(
                        Arbitraries.of(Opcode.PING, Opcode.PONG), bytes(0, LONGEST_CONTROL))
                .as((opcode, payload) -> new Frame(FirstByte.of(true, opcode), ByteBuffer.wrap(payload)));
        return Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.just(List.of())),
                Tuple.of(1, control.list().ofMaxSize(2)));
    }

    /**
     * Generates frames with one defect as bytes, with the broken rule.
     *
     * @param sender the end that sends it
     * @return an arbitrary of broken frames
     */
    public static Arbitrary<BrokenFrame> broken(Role sender) {
        return Arbitraries.of(FrameViolation.values())
                .filter(rule -> BrokenFrame.concerns(rule, sender))
                .flatMap(rule -> Combinators.combine(
                                Arbitraries.integers().between(0, 1000), payloads(100), Arbitraries.integers())
                        .as((choice, payload, key) -> BrokenFrame.of(rule, sender, choice, payload, key)));
    }

    /**
     * Generates valid messages followed by one defect, see {@link BrokenSequence.Defect}.
     *
     * @param sender the end that sends it
     * @return an arbitrary of broken sequences
     */
    public static Arbitrary<BrokenSequence> brokenSequences(Role sender) {
        return BrokenSequences.from(sender);
    }
}
