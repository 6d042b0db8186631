package dev.tenon.ws.deflate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The next handler stops the inflation at any place. */
class StoppedInflationProperties {
    /** Records its input, and is ready for a limited number of pieces. */
    private static final class Limited implements FrameHandler {
        final Pieces pieces = new Pieces();
        final List<Opcode> order = new ArrayList<>();
        int ready;

        @Override
        public void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
            ready--;
            if (endOfFrame && firstByte.fin()) {
                order.add(firstByte.opcode().isControl() ? firstByte.opcode() : Opcode.BINARY);
            }
            pieces.onFrame(firstByte, payload, endOfFrame);
        }

        @Override
        public boolean isReady() {
            return ready > 0;
        }
    }

    @Property(tries = 200)
    void whereverItStopsTheMessagesComeOutWholeAndInOrder(
            @ForAll boolean takeover,
            @ForAll MemoryMode memory,
            @ForAll boolean requests,
            @ForAll @IntRange(min = 1, max = 6) int messages,
            @ForAll Random random) {
        DeflateOptions options = DeflateOptions.defaults()
                .withTakeover(true, takeover)
                .withMinimumSize(random.nextInt(200))
                .withMemory(memory)
                .withPooledCodecs(1);
        Limited limited = new Limited();
        try (Endpoint.Pair pair = Endpoint.connect(options.withTakeover(true, true), options)) {
            FrameHandler stage = pair.server()
                    .negotiated
                    .open(new ExtensionContext(Role.SERVER, 1 << 20))
                    .inbound(limited);
            List<byte[]> sent = new ArrayList<>();
            for (int i = 0; i < messages; i++) {
                byte[] message = Payloads.any(random.nextInt(3) == 0 ? 200_000 : 3000, random);
                sent.add(message);
                pair.client().send(message, 1 + random.nextInt(3), random);
                for (Pieces.Piece frame : pair.client().sent.pieces) {
                    for (int tries = 0; requests && !stage.isReady(); tries++) {
                        assertTrue(tries < 1000, "never ready again");
                        limited.ready += 1 + random.nextInt(3);
                        stage.resume();
                    }
                    feedInTwoPieces(stage, frame, random);
                }
                stage.onFrame(FirstByte.of(true, Opcode.PING), ByteBuffer.allocate(i), true);
                pair.client().sent.clear();
            }
            limited.ready = Integer.MAX_VALUE;
            stage.resume();
            assertTrue(stage.isReady());
            assertEquals(messages, limited.pieces.messages.size());
            for (int i = 0; i < messages; i++) {
                assertArrayEquals(sent.get(i), limited.pieces.messages.get(i).payload());
                assertEquals(List.of(Opcode.BINARY, Opcode.PING), limited.order.subList(2 * i, 2 * i + 2));
            }
        }
    }

    private static void feedInTwoPieces(FrameHandler stage, Pieces.Piece frame, Random random) {
        byte[] payload = frame.payload();
        int cut = random.nextInt(payload.length + 1);
        if (cut != 0) {
            stage.onFrame(frame.firstByte(), ByteBuffer.wrap(payload, 0, cut).slice(), false);
        }
        ByteBuffer rest = ByteBuffer.wrap(payload, cut, payload.length - cut).slice();
        stage.onFrame(frame.firstByte(), rest, true);
        rest.clear().put(new byte[rest.remaining()]); // overwrites the input, because held bytes must be copies
    }

    @Example
    void onePieceIsInflatedAtATimeAndTheCodecStaysUntilTheEnd() {
        try (PermessageDeflate provider = new PermessageDeflate()) {
            NegotiatedDeflate agreed =
                    (NegotiatedDeflate) provider.accept(provider.offers().get(1));
            Pieces sent = new Pieces();
            agreed.open(new ExtensionContext(Role.CLIENT, 0))
                    .outbound(sent)
                    .onFrame(FirstByte.of(true, Opcode.BINARY), ByteBuffer.allocate(100_000), true, SendMode.DEFAULT);
            Limited limited = new Limited();
            var extension = agreed.open(new ExtensionContext(Role.SERVER, 100_000));
            FrameHandler stage = extension.inbound(limited);
            stage.onFrame(sent.only().firstByte(), sent.only().bytes(), true);
            for (int pieces = 1; pieces <= 6; pieces++) {
                assertFalse(stage.isReady());
                assertEquals(pieces, limited.pieces.pieces.size());
                assertEquals(1, provider.codecsOut());
                limited.ready = 1;
                stage.resume();
            }
            assertEquals(100_000, limited.pieces.messages.get(0).payload().length);
            assertEquals(0, provider.codecsOut());
            stage.onFrame(sent.only().firstByte(), sent.only().bytes(), true);
            extension.close();
            assertEquals(0, provider.codecsOut());
        }
    }

    /** Blocks that inflate to nothing, in any number of fragments. */
    @Example
    void theCompressedBytesOfAMessageAreLimitedInSum() {
        Pieces received = new Pieces();
        Inflation stage = new Inflation(received, new CodecPool(3, 2), 1000, null, MemoryMode.POOLED);
        byte[] empty = new byte[500];
        for (int i = 0; i < empty.length; i += 5) {
            empty[i + 3] = -1;
            empty[i + 4] = -1;
        }
        FirstByte firstByte = FirstByte.of(false, Opcode.TEXT).withRsv(FirstByte.RSV1);
        long sum = 0;
        while (sum + empty.length <= NegotiatedDeflate.maxCompressedLength(1000)) {
            stage.onFrame(firstByte, ByteBuffer.wrap(empty), true);
            firstByte = FirstByte.of(false, Opcode.CONTINUATION);
            sum += empty.length;
        }
        FirstByte one = firstByte;
        ProtocolException tooLong =
                assertThrows(ProtocolException.class, () -> stage.onFrame(one, ByteBuffer.wrap(empty), true));
        assertEquals(CloseCode.MESSAGE_TOO_BIG, tooLong.closeCode());
        stage.close();
    }

    /** A sender that flushes each byte into a fragment of its own is honest. */
    @Example
    void aMessageAsLongAsItMayBeMayComeByteByByte() {
        try (Endpoint.Pair pair =
                Endpoint.connect(DeflateOptions.defaults().withMinimumSize(0), DeflateOptions.defaults())) {
            Pieces received = new Pieces();
            int length = 1000;
            FrameHandler stage = pair.server()
                    .negotiated
                    .open(new ExtensionContext(Role.SERVER, length))
                    .inbound(received);
            Random random = new Random(1);
            byte[] message = Payloads.noise(length, random);
            for (int i = 0; i < length; i++) {
                Opcode opcode = i == 0 ? Opcode.BINARY : Opcode.CONTINUATION;
                pair.client()
                        .outbound
                        .onFrame(
                                FirstByte.of(i == length - 1, opcode),
                                ByteBuffer.wrap(message, i, 1).slice(),
                                true,
                                SendMode.DEFAULT);
            }
            pair.client().sent.pieces.forEach(p -> stage.onFrame(p.firstByte(), p.bytes(), true));
            assertArrayEquals(message, received.messages.get(0).payload());
        }
    }
}
