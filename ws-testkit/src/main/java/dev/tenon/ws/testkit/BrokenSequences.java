package dev.tenon.ws.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.testkit.BrokenSequence.Defect;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Creates the defects of {@link BrokenSequence}. */
final class BrokenSequences {
    /** Byte sequences that are not UTF-8 in any context (RFC 3629 §3, §4). */
    static final List<String> NOT_UTF_8 = List.of(
            "80", // a continuation byte alone
            "c3", // the first of two bytes
            "e282", // two of three bytes
            "f09f98", // three of four bytes
            "c0af", // an overlong encoding
            "e08080",
            "f0808080",
            "eda080", // a surrogate
            "edbfbf",
            "f4908080", // beyond U+10FFFF
            "f5808080",
            "fe",
            "ff");

    private static final List<Integer> NOT_TO_BE_SENT =
            List.of(0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1999, 2000, 2999, 5000, 65_535);

    private BrokenSequences() {}

    /** The frames that break a rule, and the code of the receiver's Close frame. */
    private record Breach(List<Frame> frames, CloseCode closeCode) {
        static Breach of(CloseCode closeCode, Frame... frames) {
            return new Breach(List.of(frames), closeCode);
        }
    }

    static Arbitrary<BrokenSequence> from(Role sender) {
        Arbitrary<List<Fragmented>> before =
                Frames.fragmented(Frames.text(20).map(Frame::text)).list().ofMaxSize(2);
        return Arbitraries.of(Defect.values())
                .flatMap(defect -> Combinators.combine(before, breach(defect)).as((good, breach) -> {
                    List<Frame> frames = new ArrayList<>();
                    good.forEach(each -> each.addTo(frames));
                    frames.addAll(breach.frames);
                    List<Frame> delivered =
                            good.stream().map(Fragmented::message).toList();
                    return new BrokenSequence(defect, sender, delivered, frames, breach.closeCode);
                }))
                .withoutEdgeCases();
    }

    private static Arbitrary<Breach> breach(Defect defect) {
        return switch (defect) {
            case CONTINUATION_WITHOUT_MESSAGE ->
                Combinators.combine(Arbitraries.of(true, false), Frames.payloads(100))
                        .as((fin, payload) -> Breach.of(
                                CloseCode.PROTOCOL_ERROR, frame(FirstByte.of(fin, Opcode.CONTINUATION), payload)));
            case MESSAGE_WITHIN_MESSAGE -> messageWithin();
            case TEXT_NOT_UTF_8 ->
                Frames.fragmented(notUtf8(40).map(text -> frame(FirstByte.of(true, Opcode.TEXT), text)))
                        .map(text -> {
                            List<Frame> frames = new ArrayList<>();
                            text.addTo(frames);
                            return new Breach(frames, CloseCode.INVALID_PAYLOAD_DATA);
                        });
            case CLOSE_PAYLOAD_OF_ONE_BYTE ->
                Arbitraries.bytes().map(b -> Breach.of(CloseCode.PROTOCOL_ERROR, close(new byte[] {b})));
            case CLOSE_CODE_NOT_TO_BE_SENT ->
                Combinators.combine(Arbitraries.of(NOT_TO_BE_SENT), Frames.text(20))
                        .as((code, reason) -> Breach.of(
                                CloseCode.PROTOCOL_ERROR,
                                close(Frames.closeBytes(new CloseCode(code), reason.getBytes(UTF_8)))));
            case CLOSE_REASON_NOT_UTF_8 ->
                Combinators.combine(Frames.closeCodes(), notUtf8(14))
                        .as((code, reason) ->
                                Breach.of(CloseCode.INVALID_PAYLOAD_DATA, close(Frames.closeBytes(code, reason))));
            case MESSAGE_BEHIND_CLOSE ->
                Combinators.combine(Frames.closePayloads(), Frames.text(20)).as(BrokenSequences::messageBehind);
        };
    }

    private static Arbitrary<Breach> messageWithin() {
        Arbitrary<Opcode> opcodes = Arbitraries.of(Opcode.TEXT, Opcode.BINARY);
        Arbitrary<byte[]> ascii = Frames.text(10).map(text -> text.getBytes(UTF_8));
        return Combinators.combine(opcodes, ascii, Arbitraries.of(false, true), opcodes, Arbitraries.of(true, false))
                .as((first, payload, continued, second, fin) -> {
                    List<Frame> frames = new ArrayList<>();
                    frames.add(frame(FirstByte.of(false, first), payload));
                    if (continued) {
                        frames.add(frame(FirstByte.of(false, Opcode.CONTINUATION), payload));
                    }
                    frames.add(frame(FirstByte.of(fin, second), payload));
                    return new Breach(frames, CloseCode.PROTOCOL_ERROR);
                });
    }

    private static Breach messageBehind(ClosePayload payload, String text) {
        return Breach.of(payload.code(), Frame.close(payload), Frame.text(text));
    }

    private static Arbitrary<byte[]> notUtf8(int longest) {
        Arbitrary<byte[]> defect =
                Arbitraries.of(NOT_UTF_8).map(hex -> HexFormat.of().parseHex(hex));
        return Combinators.combine(Frames.text(longest), defect, Frames.text(longest))
                .as((before, wrong, behind) -> {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    bytes.writeBytes(before.getBytes(UTF_8));
                    bytes.writeBytes(wrong);
                    bytes.writeBytes(behind.getBytes(UTF_8));
                    return bytes.toByteArray();
                });
    }

    private static Frame frame(FirstByte firstByte, byte[] payload) {
        return new Frame(firstByte, ByteBuffer.wrap(payload));
    }

    private static Frame close(byte[] payload) {
        return frame(FirstByte.of(true, Opcode.CLOSE), payload);
    }
}
