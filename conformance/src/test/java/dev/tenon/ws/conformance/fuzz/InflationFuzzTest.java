package dev.tenon.ws.conformance.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tenon.ws.deflate.DeflateOptions;
import dev.tenon.ws.deflate.MemoryMode;
import dev.tenon.ws.deflate.PermessageDeflate;
import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.ExtensionOffer.Parameter;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Feeds arbitrary bytes to the inbound stage of permessage-deflate. The first byte of an input selects parameters,
 * budget and split; then frames follow: a byte with FIN, RSV1 and the opcode, two bytes of length, and the payload.
 */
class InflationFuzzTest {
    private static final Set<CloseCode> FAILURES = Set.of(
            CloseCode.PROTOCOL_ERROR,
            CloseCode.INVALID_PAYLOAD_DATA,
            CloseCode.POLICY_VIOLATION, // too many final blocks
            CloseCode.MESSAGE_TOO_BIG);

    private static final Opcode[] OPCODES = {Opcode.CONTINUATION, Opcode.TEXT, Opcode.BINARY, Opcode.PING};
    private static final FirstByte UNFINISHED = FirstByte.of(false, Opcode.TEXT).withRsv(FirstByte.RSV1);

    private record Piece(FirstByte firstByte, ByteBuffer payload) {}

    /**
     * How the frames reach the stage: in pieces of which length, in which kind of memory, and whether the pool has a
     * free inflater.
     */
    private record InputForm(int chunk, boolean direct, boolean scarce) {}

    @FuzzTest(maxDuration = "10m")
    void anyFramesAtAll(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int choice = input[0];
        boolean takeover = (choice & 1) != 0;
        boolean dedicated = (choice & 4) != 0;
        DeflateOptions options = DeflateOptions.defaults()
                .withTakeover(takeover, takeover)
                .withWindowBits(15, (choice & 2) != 0 ? 9 : 15)
                .withMemory(dedicated ? MemoryMode.DEDICATED : MemoryMode.POOLED)
                .withPooledCodecs(1);
        int budget = (choice & 8) != 0 ? 40_000 : 100;
        List<Piece> frames = frames(input);
        Outcome whole = new Outcome(options, budget, frames, new InputForm(Integer.MAX_VALUE, false, false));
        int chunk = 1 + ((choice >> 4) & 7);
        Outcome split = new Outcome(options, budget, frames, new InputForm(chunk, true, false));
        assertEquals(whole.messages, split.messages);
        assertEquals(whole.failed, split.failed);
        // without a free inflater a failure may come later, but not a message
        assertEquals(whole.messages, new Outcome(options, budget, frames, new InputForm(chunk, false, true)).messages);
        if (!takeover && !whole.messages.isEmpty()) {
            asZlibSays(frames, whole.messages.get(0));
        }
    }

    private static List<Piece> frames(byte[] input) {
        ByteBuffer bytes = ByteBuffer.wrap(input, 1, input.length - 1);
        List<Piece> frames = new ArrayList<>();
        while (bytes.remaining() >= 3) {
            int first = bytes.get();
            Opcode opcode = OPCODES[first & 3];
            int length = Math.min(bytes.getShort() & 0xFFFF, bytes.remaining());
            ByteBuffer payload = bytes.slice(bytes.position(), length);
            bytes.position(bytes.position() + length);
            FirstByte firstByte = FirstByte.of((first & 0x80) != 0 || opcode.isControl(), opcode)
                    .withRsv((first & 0x40) != 0 ? FirstByte.RSV1 : 0);
            frames.add(new Piece(firstByte, payload));
        }
        return frames;
    }

    /** Compares the result with zlib, if the first message is compressed and no other frame is between its frames. */
    private static void asZlibSays(List<Piece> frames, ByteBuffer message) {
        int count = 0;
        while (!frames.get(count++).firstByte.fin()) {
            // this was the last frame of the first message
        }
        ByteBuffer payload = ByteBuffer.allocate(
                4 + frames.stream().mapToInt(frame -> frame.payload.remaining()).sum());
        for (Piece frame : frames.subList(0, count)) {
            boolean first = payload.position() == 0;
            Opcode opcode = frame.firstByte.opcode();
            if (opcode == Opcode.PING || (first && !frame.firstByte.rsv1())) {
                return;
            }
            payload.put(frame.payload.duplicate());
        }
        payload.putInt(0x0000FFFF);
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(payload.flip());
            byte[] inflated = new byte[message.remaining() + 1];
            int length = inflater.inflate(inflated);
            if (!inflater.finished()) { // a stream that has ended with a final block cannot continue
                assertEquals(message, ByteBuffer.wrap(inflated, 0, length));
            }
        } catch (DataFormatException e) {
            throw new AssertionError("taken, but not by zlib", e);
        } finally {
            inflater.end();
        }
    }

    /** Records the result of the frames. Checks compressed messages at once, and keeps all messages. */
    private static final class Outcome implements FrameHandler {
        final List<ByteBuffer> messages = new ArrayList<>();
        boolean failed;

        private final int budget;
        private final ByteArrayOutputStream message = new ByteArrayOutputStream();
        private boolean compressed;

        Outcome(DeflateOptions options, int budget, List<Piece> frames, InputForm way) {
            this.budget = budget;
            PermessageDeflate provider = new PermessageDeflate(options);
            try (Extension other = open(provider, budget);
                    Extension extension = open(provider, budget)) {
                if (way.scarce) {
                    other.inbound((firstByte, payload, end) -> {})
                            .onFrame(UNFINISHED, ByteBuffer.wrap(new byte[] {0}), true);
                }
                feed(extension.inbound(this), frames, way);
            } catch (ProtocolException e) {
                failed = true;
                assertTrue(FAILURES.contains(e.closeCode()), e::toString);
            }
            provider.close();
            assertEquals(0, provider.nativeBytes(), "all has come back");
        }

        private static Extension open(PermessageDeflate provider, int budget) {
            Parameter mayLimit = Parameter.flag("client_max_window_bits");
            return provider.accept(ExtensionOffer.of("permessage-deflate", mayLimit))
                    .open(new ExtensionContext(Role.SERVER, budget));
        }

        private void feed(FrameHandler stage, List<Piece> frames, InputForm way) {
            boolean inMessage = false;
            for (Piece frame : frames) {
                Opcode opcode = frame.firstByte.opcode();
                if (!opcode.isControl()) {
                    if (inMessage != (opcode == Opcode.CONTINUATION)) {
                        if (inMessage && compressed) {
                            feed(stage, frame, way);
                            throw new AssertionError("a message has begun inside a compressed one");
                        }
                        return; // the message assembler is next, and fails
                    }
                    compressed = inMessage ? compressed : frame.firstByte.rsv1();
                    inMessage = !frame.firstByte.fin();
                }
                feed(stage, frame, way);
            }
        }

        private static void feed(FrameHandler stage, Piece frame, InputForm way) {
            ByteBuffer rest = frame.payload.duplicate();
            do {
                int length = Math.min(way.chunk, rest.remaining());
                ByteBuffer piece = way.direct ? ByteBuffer.allocateDirect(length) : ByteBuffer.allocate(length);
                piece.put(0, rest, rest.position(), length);
                rest.position(rest.position() + length);
                stage.onFrame(frame.firstByte, piece, !rest.hasRemaining());
            } while (rest.hasRemaining());
        }

        @Override
        public void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
            assertEquals(0, firstByte.rsv(), "the stage's own bit");
            if (firstByte.opcode().isControl()) {
                return;
            }
            byte[] bytes = new byte[payload.remaining()];
            payload.get(bytes);
            message.writeBytes(bytes);
            assertTrue(!compressed || message.size() <= budget, "within the budget");
            if (firstByte.fin() && endOfFrame) {
                messages.add(ByteBuffer.wrap(message.toByteArray()));
                message.reset();
            }
        }
    }
}
