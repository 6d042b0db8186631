package dev.tenon.ws.conformance.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.FrameDecoder;
import dev.tenon.ws.frame.FrameEncoder;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Feeds arbitrary bytes to the decoder. The first byte of an input selects rules, split and kind of buffer, the others
 * are the stream. A normal test run replays the inputs beside this class; with {@code JAZZER_FUZZ=1} Jazzer searches
 * for more.
 */
class FrameDecoderFuzzTest {

    /** The result of a stream: its frames, then the reason for its end. */
    private record Outcome(
            List<Frame> frames,
            @Nullable CloseCode code,
            @Nullable String rule,
            int consumed) {}

    @FuzzTest(maxDuration = "10m")
    void anyBytesAtAll(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int choice = input[0];
        byte[] stream = Arrays.copyOfRange(input, 1, input.length);
        Role sender = (choice & 1) == 0 ? Role.CLIENT : Role.SERVER;
        FrameRules rules = FrameRules.receivedBy(sender.peer());
        if ((choice & 2) != 0) {
            rules = rules.withOwned(7, EnumSet.allOf(Opcode.class));
        }
        if ((choice & 4) != 0) {
            rules = rules.withMaxPayloadLength(200);
        }
        Outcome whole = decode(rules, stream, stream.length, (choice & 8) != 0, false);
        int chunk = 1 + ((choice >> 4) & 7);
        assertEquals(whole, decode(rules, stream, chunk, (choice & 8) == 0, false), "split, in other memory");
        assertEquals(whole, decode(rules, stream, chunk, false, true), "read-only");
        for (Frame frame : whole.frames) {
            FrameEncoder encoder =
                    sender == Role.CLIENT ? FrameEncoder.masking(() -> choice * 0x01030507) : FrameEncoder.unmasked();
            assertEquals(List.of(frame), Frame.decodeAll(new FrameDecoder(rules), frame.encode(encoder)));
            if (frame.firstByte().opcode() == Opcode.CLOSE) {
                closePayload(frame.payload());
            }
        }
    }

    private static void closePayload(ByteBuffer payload) {
        try {
            assertEquals(payload, ClosePayload.decode(payload.duplicate()).encode());
        } catch (ProtocolException e) {
            assertFalse(payload.remaining() == 0, "an empty payload is good");
        }
    }

    private static Outcome decode(FrameRules rules, byte[] stream, int chunk, boolean direct, boolean readOnly) {
        FrameDecoder decoder = new FrameDecoder(rules);
        List<Frame> frames = new ArrayList<>();
        FrameHandler joining = Frame.joining(decoder, frames::add);
        for (int at = 0; at < stream.length; at += chunk) {
            int length = Math.min(chunk, stream.length - at);
            ByteBuffer input = direct ? ByteBuffer.allocateDirect(length) : ByteBuffer.allocate(length);
            input.put(0, stream, at, length);
            input = readOnly ? input.asReadOnlyBuffer() : input;
            try {
                while (decoder.decode(input, joining)) {
                    assertEquals(length, input.limit());
                }
            } catch (ProtocolException e) {
                return new Outcome(frames, e.closeCode(), e.getMessage(), at + input.position());
            }
            assertFalse(input.hasRemaining());
        }
        return new Outcome(frames, null, null, stream.length);
    }
}
