package dev.tenon.ws.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.frame.Model.Outcome;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

/** The laws of {@link FrameDecoder} and {@link FrameEncoder} together, against {@link Model} where one is needed. */
class FrameCodecProperties {
    private static final List<Integer> WHOLE = List.of();
    private static final int[] EDGES = {0, 1, 125, 126, 127, 65_535, 65_536, 65_537};

    private static ByteBuffer same(ByteBuffer buffer) {
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(copy);
        return ByteBuffer.wrap(copy);
    }

    private static byte[] payload(int length) {
        byte[] payload = new byte[length];
        for (int i = 0; i < length; i++) {
            payload[i] = (byte) (i * 31 + (i >> 8));
        }
        return payload;
    }

    private static FrameEncoder encoder(Role sender, int key) {
        return sender == Role.CLIENT ? FrameEncoder.masking(() -> key) : FrameEncoder.unmasked();
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static byte[] concatenated(List<ByteBuffer> parts) {
        ByteBuffer all = ByteBuffer.allocate(
                parts.stream().mapToInt(ByteBuffer::remaining).sum());
        parts.forEach(all::put);
        return all.array();
    }

    /** Returns whether a frame is legal: control frames are short and not fragmented. */
    private static boolean legal(FirstByte firstByte, int length) {
        return !firstByte.opcode().isControl() || (firstByte.fin() && length <= FrameRules.MAX_CONTROL_PAYLOAD);
    }

    /** Tests all first bytes and both roles, with the shortest and the longest payload of each length form. */
    @Property(tries = 20)
    void decodingInvertsEncodingForEveryHeaderLengthFormAndRole(@ForAll int key) {
        for (int length : EDGES) {
            byte[] payload = payload(length);
            for (Role sender : Role.values()) {
                for (int value = length > 1000 ? key & 0xF : 0; value < 256; value += length > 1000 ? 37 : 1) {
                    FirstByte firstByte = FirstByte.of(value);
                    if (legal(firstByte, length)) {
                        Frame frame = new Frame(firstByte, ByteBuffer.wrap(payload));
                        byte[] wire = bytes(frame.encode(encoder(sender, key)));
                        Outcome expected = new Outcome(List.of(frame), null, null, wire.length);
                        Model model = Model.lenient(sender.peer());
                        assertEquals(expected, model.decode(wire), "the encoder's bytes are those of the RFC");
                        assertEquals(expected, model.decodeWithTenon(wire, WHOLE, b -> b));
                    }
                }
            }
        }
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void anEncodedPayloadIsTheSameInOnePieceOrMany(
            @ForAll Role sender,
            @ForAll int key,
            @ForAll @Size(max = 300) byte[] payload,
            @ForAll @Size(min = 1, max = 5) List<@IntRange(min = 1, max = 40) Integer> cuts) {
        FirstByte firstByte = FirstByte.of(true, Opcode.BINARY);
        ByteBuffer whole = ByteBuffer.allocate(400);
        encoder(sender, key).encode(firstByte, ByteBuffer.wrap(payload), whole);
        ByteBuffer copied = ByteBuffer.allocateDirect(400);
        ByteBuffer inPlace = ByteBuffer.allocate(400);
        FrameEncoder copying = encoder(sender, key);
        FrameEncoder masking = encoder(sender, key);
        copying.encodeHeader(firstByte, payload.length, copied);
        masking.encodeHeader(firstByte, payload.length, inPlace);
        for (int at = 0, turn = 0; at < payload.length; turn++) {
            int length = Math.min(payload.length - at, cuts.get(turn % cuts.size()));
            copying.encodePayload(ByteBuffer.wrap(payload, at, length), copied);
            ByteBuffer piece = ByteBuffer.wrap(Arrays.copyOfRange(payload, at, at + length));
            masking.mask(piece);
            inPlace.put(piece);
            at += length;
        }
        assertEquals(whole.flip(), copied.flip());
        assertEquals(whole, inPlace.flip());
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void splittingTheInputAnywhereYieldsTheSameFrames(
            @ForAll("streams") Stream stream,
            @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 40) Integer> chunks) {
        Outcome whole = stream.model.decodeWithTenon(stream.bytes, WHOLE, FrameCodecProperties::same);
        assertEquals(whole, stream.model.decodeWithTenon(stream.bytes, chunks, FrameCodecProperties::same));
        assertEquals(whole, stream.model.decodeWithTenon(stream.bytes, List.of(1), FrameCodecProperties::same));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void everyKindOfBufferAtAnyOffsetYieldsTheSameFrames(
            @ForAll("streams") Stream stream,
            @ForAll @IntRange(max = 17) int offset,
            @ForAll @Size(max = 3) List<@IntRange(min = 1, max = 60) Integer> chunks) {
        Outcome heap = stream.model.decodeWithTenon(stream.bytes, WHOLE, FrameCodecProperties::same);
        List<UnaryOperator<ByteBuffer>> kinds = List.of(
                b -> copyInto(ByteBuffer.allocate(b.remaining() + 40), b, offset),
                b -> copyInto(ByteBuffer.allocateDirect(b.remaining() + 40), b, offset),
                b -> copyInto(
                        ByteBuffer.allocate(b.remaining() + 40).position(5).slice(), b, offset),
                b -> copyInto(
                        ByteBuffer.allocateDirect(b.remaining() + 40)
                                .position(5)
                                .slice(),
                        b,
                        offset),
                b -> copyInto(ByteBuffer.allocate(b.remaining() + 40), b, offset)
                        .asReadOnlyBuffer(),
                b -> copyInto(ByteBuffer.allocateDirect(b.remaining() + 40), b, offset)
                        .asReadOnlyBuffer());
        for (UnaryOperator<ByteBuffer> kind : kinds) {
            assertEquals(heap, stream.model.decodeWithTenon(stream.bytes, chunks, kind));
        }
    }

    private static ByteBuffer copyInto(ByteBuffer target, ByteBuffer source, int offset) {
        int length = source.remaining();
        return target.position(offset).put(source).limit(offset + length).position(offset);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    @StatisticsReport(onFailureOnly = true)
    void anyBytesAtAllGiveTheFramesTheViolationAndThePositionOfTheModel(@ForAll("streams") Stream stream) {
        Outcome expected = stream.model.decode(stream.bytes);
        Statistics.collect(String.valueOf(expected.violation()));
        Statistics.coverage(seen -> {
            seen.check("null").percentage(share -> share > 25);
            for (FrameViolation violation : FrameViolation.values()) {
                seen.check(violation.name()).count(times -> times > 0);
            }
        });
        assertEquals(expected, stream.model.decodeWithTenon(stream.bytes, WHOLE, FrameCodecProperties::same));
    }

    @Property
    void randomBytesHaveTheSameResultAsTheModel(@ForAll Role receiver, @ForAll @Size(max = 60) byte[] noise) {
        for (Model model : List.of(new Model(receiver, 1000, 0, Set.of()), Model.lenient(receiver))) {
            assertEquals(model.decode(noise), model.decodeWithTenon(noise, WHOLE, FrameCodecProperties::same));
        }
    }

    /** Tests every first byte, mask bit, length form and boundary of a length, under several sets of rules. */
    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void everyHeaderIsCheckedAsTheModelChecks(@ForAll("models") Model model) {
        long[] lengths = {0, 1, 125, 126, 127, 1000, 65_535, 65_536, Long.MAX_VALUE, Long.MIN_VALUE, -1};
        FrameRules rules = model.rules();
        for (int firstByte = 0; firstByte < 256; firstByte++) {
            for (long length : lengths) {
                for (int lengthBytes : new int[] {0, 2, 8}) {
                    boolean fits = lengthBytes == 8 || (length >= 0 && length <= (lengthBytes == 0 ? 125 : 0xFFFF));
                    for (int masked = 0; fits && masked < 2; masked++) {
                        assertEquals(
                                model.check(firstByte, masked == 1, length, lengthBytes),
                                rules.check(FirstByte.of(firstByte), masked == 1, length, lengthBytes));
                    }
                }
            }
        }
    }

    /** The handler may do anything to its window, and may throw. */
    @Property(edgeCases = EdgeCasesMode.NONE)
    void positionAndLimitAreLeftAsPromised(
            @ForAll("streams") Stream stream,
            @ForAll boolean direct,
            @ForAll @IntRange(max = 9) int offset,
            @ForAll @IntRange(max = 9) int behind,
            @ForAll @Size(min = 1, max = 6) List<HandlerAction> action) {
        int length = stream.bytes.length;
        int capacity = offset + length + behind;
        ByteBuffer input = direct ? ByteBuffer.allocateDirect(capacity) : ByteBuffer.allocate(capacity);
        int limit = offset + length;
        input.put(offset, stream.bytes).position(offset).limit(limit);
        FrameDecoder decoder = new FrameDecoder(stream.model.rules());
        int[] end = {0};
        int[] calls = {0};
        FrameHandler handler = (firstByte, payload, endOfFrame) -> {
            end[0] = payload.limit();
            action.get(calls[0]++ % action.size()).play(payload);
        };
        boolean more = true;
        while (more) {
            int before = calls[0];
            int violatedAt = -1;
            try {
                more = decoder.decode(input, handler);
            } catch (ProtocolException e) {
                violatedAt = input.position();
                more = false;
            } catch (ArithmeticException e) {
                assertEquals(before + 1, calls[0]);
            }
            assertEquals(limit, input.limit());
            if (calls[0] > before) {
                assertEquals(before + 1, calls[0]);
                assertEquals(end[0], input.position());
            } else if (violatedAt >= 0) {
                assertEquals(offset + stream.model.decode(stream.bytes).consumed(), violatedAt);
            } else {
                assertEquals(limit, input.position());
            }
        }
        for (int i = 0; i < capacity; i++) {
            assertTrue((i >= offset && i < limit) || input.clear().get(i) == 0, "touched outside the window");
        }
    }

    /** Allowed and forbidden actions of a handler on its window. */
    enum HandlerAction {
        READ_ALL,
        READ_NOTHING,
        CLEAR,
        NARROW,
        THROW,
        CLEAR_AND_THROW;

        void play(ByteBuffer payload) {
            switch (this) {
                case READ_ALL -> payload.position(payload.limit());
                case READ_NOTHING -> {}
                case CLEAR, CLEAR_AND_THROW -> payload.clear();
                case NARROW -> payload.limit(payload.position());
                case THROW -> payload.mark();
            }
            if (this == THROW || this == CLEAR_AND_THROW) {
                throw new ArithmeticException();
            }
        }
    }

    /**
     * Bytes, and the rules to read them by.
     *
     * @param model the rules
     * @param bytes frames as a rule, some with defects, the last one often cut off
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Stream(Model model, byte[] bytes) {
        @Override
        public String toString() {
            return model + " " + Hex.of(bytes);
        }
    }

    @Provide
    Arbitrary<Model> models() {
        return Combinators.combine(
                        Arbitraries.of(Role.class),
                        Arbitraries.of(0L, 3L, 125L, 126L, 1000L, 65_536L, Long.MAX_VALUE),
                        Arbitraries.integers().between(0, 7),
                        Arbitraries.of(Opcode.class).set())
                .as(Model::new);
    }

    @Provide
    Arbitrary<Stream> streams() {
        Arbitrary<Model> mostlyLenient = Arbitraries.of(Role.class)
                .flatMap(role -> Arbitraries.frequencyOf(
                        Tuple.of(2, Arbitraries.just(Model.lenient(role))), Tuple.of(1, models())));
        return mostlyLenient.flatMap(model -> Combinators.combine(
                        rawFrame(model).list().ofMinSize(1).ofMaxSize(6),
                        Arbitraries.integers().between(0, 60).injectDuplicates(0.5))
                .as((frames, cut) -> {
                    byte[] all = concatenated(frames);
                    return new Stream(model, Arrays.copyOf(all, Math.max(0, all.length - Math.max(0, cut - 40))));
                }));
    }

    private static Arbitrary<ByteBuffer> rawFrame(Model model) {
        Arbitrary<Integer> first = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.of(0x81, 0x02, 0x80, 0x00, 0x88, 0x89, 0x8A)),
                Tuple.of(1, Arbitraries.integers().between(0, 255)));
        Arbitrary<Integer> length = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.integers().between(0, 20)),
                Tuple.of(1, Arbitraries.of(124, 125, 126, 127, 300)));
        Arbitrary<Integer> extraForm = Arbitraries.frequency(Tuple.of(40, 0), Tuple.of(1, 2), Tuple.of(1, 8));
        Arbitrary<Boolean> masked = Arbitraries.frequency(
                Tuple.of(40, model.receiver() == Role.SERVER), Tuple.of(1, model.receiver() == Role.CLIENT));
        Arbitrary<Boolean> topBit = Arbitraries.frequency(Tuple.of(40, false), Tuple.of(1, true));
        return Combinators.combine(first, length, extraForm, masked, topBit, Arbitraries.integers())
                .as((firstByte, size, form, mask, top, key) -> {
                    int lengthBytes = top ? 8 : Math.max(form, size < 126 ? 0 : 2);
                    ByteBuffer raw = ByteBuffer.allocate(14 + size).put((byte) (int) firstByte);
                    int maskBit = mask ? 0x80 : 0;
                    raw.put((byte) (maskBit | (lengthBytes == 0 ? size : lengthBytes == 2 ? 126 : 127)));
                    if (lengthBytes == 2) {
                        raw.putShort((short) (int) size);
                    } else if (lengthBytes == 8) {
                        raw.putLong(top ? size | Long.MIN_VALUE : size);
                    }
                    if (mask) {
                        raw.putInt(key);
                    }
                    return raw.put(payload(size)).flip();
                });
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void decodingInvertsEncodingOfSeveralFrames(
            @ForAll Role sender, @ForAll @Size(max = 8) List<@Size(max = 200) byte[]> payloads, @ForAll int key) {
        List<Frame> frames = new ArrayList<>();
        List<ByteBuffer> wires = new ArrayList<>();
        FrameEncoder encoder = encoder(sender, key);
        for (byte[] payload : payloads) {
            Frame frame = Frame.binary(ByteBuffer.wrap(payload));
            frames.add(frame);
            wires.add(frame.encode(encoder));
        }
        FrameDecoder decoder = new FrameDecoder(FrameRules.receivedBy(sender.peer()));
        assertEquals(frames, Frame.decodeAll(decoder, ByteBuffer.wrap(concatenated(wires))));
    }
}
