package dev.tenon.ws.deflate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.deflate.Pieces.Piece;
import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionException;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.ExtensionProvider;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** permessage-deflate beside other extensions, which have their own RSV bits and may change frames and pieces. */
class StackedTest {
    private static final FirstByte FIRST = FirstByte.of(false, Opcode.TEXT).withRsv(FirstByte.RSV2);
    private static final FirstByte LAST = FirstByte.of(true, Opcode.CONTINUATION);

    private final Random random = new Random(6);

    /** Passes all frames on unchanged. */
    private record PassThroughExtension(String name, boolean fragmentable)
            implements ExtensionProvider, NegotiatedExtension {
        @Override
        public List<ExtensionOffer> offers() {
            return List.of(agreed());
        }

        @Override
        public NegotiatedExtension accept(ExtensionOffer offer) {
            return this;
        }

        @Override
        public NegotiatedExtension confirm(ExtensionOffer response) {
            return this;
        }

        @Override
        public ExtensionOffer agreed() {
            return ExtensionOffer.of(name);
        }

        @Override
        public int rsv() {
            return FirstByte.RSV2;
        }

        @Override
        public Extension open(ExtensionContext context) {
            throw new UnsupportedOperationException();
        }
    }

    private static Endpoint.Pair pair(DeflateOptions options) {
        return Endpoint.connect(options, options);
    }

    private static List<String> answered(ExtensionProvider... providers) {
        Extensions extensions = Extensions.of(providers);
        return extensions.accept(extensions.offers()).stream()
                .map(each -> each.agreed().name())
                .toList();
    }

    @Test
    void anExtensionWithMeaningfulFramesIsPlacedAfterCompression() {
        PassThroughExtension frames = new PassThroughExtension("frames", false);
        PassThroughExtension messages = new PassThroughExtension("messages", true);
        try (PermessageDeflate deflate = new PermessageDeflate()) {
            assertEquals(List.of("permessage-deflate", "frames"), answered(frames, deflate));
            assertEquals(List.of("permessage-deflate", "frames"), answered(deflate, frames));
            assertEquals(List.of("messages", "permessage-deflate"), answered(messages, deflate));
            Extensions alone = Extensions.of(deflate);
            ExtensionOffer agreed = alone.accept(alone.offers()).get(0).agreed();
            List<ExtensionOffer> response = List.of(frames.agreed(), agreed);
            ExtensionException refused = assertThrows(
                    ExtensionException.class,
                    () -> Extensions.of(frames, deflate).confirm(response));
            assertEquals(
                    "the server agreed to extensions that cannot work together: permessage-deflate and frames, which"
                            + " has to stand behind it: its frames cannot be made anew",
                    refused.getMessage());
        }
    }

    private static void checkBits(List<Piece> pieces, int first) {
        for (int i = 0; i < pieces.size(); i++) {
            assertEquals(i == 0 ? first : 0, pieces.get(i).firstByte().rsv(), "frame " + i);
        }
    }

    @Test
    void rsvBitsOfOthersStayOnTheFirstFrameWhereverTheMessageIsCut() {
        byte[] noise = Payloads.noise(40_000, random);
        for (MemoryMode memory : MemoryMode.values()) {
            try (Endpoint.Pair pair = pair(DeflateOptions.defaults().withMemory(memory))) {
                pair.client().outbound.onFrame(FIRST, ByteBuffer.wrap(noise, 0, 30_000), true, SendMode.DEFAULT);
                pair.client().outbound.onFrame(LAST, ByteBuffer.wrap(noise, 30_000, 10_000), true, SendMode.DEFAULT);
                assertTrue(pair.client().sent.pieces.size() > 2);
                checkBits(pair.client().sent.pieces, FirstByte.RSV1 | FirstByte.RSV2);
                pair.server().receiveFrom(pair.client(), random);
                assertArrayEquals(noise, pair.server().received.messages.get(0).payload());
                for (Piece piece : pair.server().received.pieces) {
                    boolean begins = piece.firstByte().opcode() == Opcode.TEXT;
                    boolean ping = piece.firstByte().opcode() == Opcode.PING;
                    assertEquals(
                            begins && !ping ? FirstByte.RSV2 : 0,
                            piece.firstByte().rsv());
                }
            }
        }
    }

    @Test
    void aLaterFrameHasBitsOfItsOwn() {
        try (Endpoint.Pair pair = pair(DeflateOptions.defaults())) {
            Endpoint client = pair.client();
            byte[] text = Payloads.text(500, random);
            client.outbound.onFrame(FIRST, ByteBuffer.wrap(text), true, SendMode.DEFAULT);
            FirstByte last = LAST.withRsv(FirstByte.RSV3);
            client.outbound.onFrame(last, ByteBuffer.wrap(text, 0, 200), false, SendMode.DEFAULT);
            client.outbound.onFrame(last, ByteBuffer.wrap(text, 200, 300), true, SendMode.DEFAULT);
            assertEquals(
                    List.of(FirstByte.RSV1 | FirstByte.RSV2, FirstByte.RSV3, 0),
                    client.sent.pieces.stream()
                            .map(piece -> piece.firstByte().rsv())
                            .toList());
        }
    }

    /** While other messages use all inflaters, a message waits, and becomes one frame. */
    @Test
    void rsvBitsOfOthersAreKeptWhileAMessageWaitsForAnInflater() {
        DeflateOptions options = DeflateOptions.defaults().withPooledCodecs(1);
        try (Endpoint.Pair pair = pair(options);
                Extension other = pair.server().negotiated.open(new ExtensionContext(Role.SERVER, Endpoint.BUDGET))) {
            byte[] text = Payloads.text(1000, random);
            pair.client().outbound.onFrame(FIRST, ByteBuffer.wrap(text, 0, 500), true, SendMode.DEFAULT);
            pair.client().outbound.onFrame(LAST, ByteBuffer.wrap(text, 500, 500), true, SendMode.DEFAULT);
            List<Piece> frames = List.copyOf(pair.client().sent.pieces);
            FrameHandler keeps = other.inbound((firstByte, payload, end) -> {});
            keeps.onFrame(
                    frames.get(0).firstByte(), ByteBuffer.wrap(frames.get(0).payload()), true);
            for (Piece frame : frames) {
                pair.server().inbound.onFrame(frame.firstByte(), ByteBuffer.wrap(frame.payload()), true);
            }
            assertArrayEquals(text, pair.server().received.messages.get(0).payload());
            FirstByte one = FIRST.withFin(true);
            assertEquals(
                    List.of(one),
                    pair.server().received.pieces.stream()
                            .map(Piece::firstByte)
                            .distinct()
                            .toList());
        }
    }

    @Test
    void aSkippedMessageMayComeInPieces() {
        try (Endpoint.Pair pair = pair(DeflateOptions.defaults())) {
            Endpoint client = pair.client();
            byte[] text = Payloads.text(500, random);
            FirstByte whole = FirstByte.of(true, Opcode.TEXT);
            client.outbound.onFrame(whole, ByteBuffer.wrap(text, 0, 100), false, SendMode.UNCOMPRESSED);
            client.outbound.onFrame(whole, ByteBuffer.wrap(text, 100, 400), true, SendMode.UNCOMPRESSED);
            assertArrayEquals(text, client.sent.messages.get(0).payload());
            assertEquals(
                    List.of(whole, whole),
                    client.sent.pieces.stream().map(Piece::firstByte).toList());
            client.sent.clear();
            client.outbound.onFrame(whole, ByteBuffer.wrap(text), true, SendMode.DEFAULT);
            checkBits(client.sent.pieces, FirstByte.RSV1);
        }
    }
}
