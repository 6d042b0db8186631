package dev.tenon.ws.deflate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionHeader;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PermessageDeflateTest {
    private static final FirstByte TEXT = FirstByte.of(true, Opcode.TEXT);
    private static final FirstByte COMPRESSED_TEXT = TEXT.withRsv(FirstByte.RSV1);

    private final Pieces received = new Pieces();
    private final Extension extension = open(1 << 20);
    private final FrameHandler inbound = extension.inbound(received);

    /** Opens an extension with equal windows in both directions, so that it can inflate its own output. */
    private static Extension open(long budget) {
        PermessageDeflate provider = new PermessageDeflate();
        return provider.accept(provider.offers().get(1)).open(new ExtensionContext(Role.SERVER, budget));
    }

    private void receive(FirstByte firstByte, String hex) {
        inbound.onFrame(firstByte, ByteBuffer.wrap(HexFormat.of().parseHex(hex)), true);
    }

    @Test
    void isFoundAsAService() {
        assertEquals(new PermessageDeflate().offers(), Extensions.load().offers());
    }

    @Test
    void negotiatesWithItself() {
        Extensions extensions = Extensions.of(new PermessageDeflate());
        var response = extensions.accept(extensions.offers());
        assertEquals(1, response.size());
        assertEquals(FirstByte.RSV1, response.get(0).rsv());
        assertEquals(1, extensions.confirm(List.of(response.get(0).agreed())).size());
    }

    @Test
    void answersWhatABrowserOffers() {
        var offers = ExtensionHeader.parse(List.of("permessage-deflate; client_max_window_bits"));
        var accepted = Extensions.load().accept(offers);
        assertEquals(1, accepted.size());
        assertEquals("permessage-deflate", accepted.get(0).agreed().name());
    }

    @Test
    void inflatesTheExamplesOfRfc7692() {
        receive(COMPRESSED_TEXT, "f248cdc9c90700"); // §7.2.3.1
        receive(COMPRESSED_TEXT, "000500faff48656c6c6f00"); // §7.2.3.3: no compression
        receive(COMPRESSED_TEXT, "f348cdc9c9070000"); // §7.2.3.4: BFINAL
        receive(COMPRESSED_TEXT, "f24805000000ffffcac9c90700"); // §7.2.3.5: two blocks
        receive(COMPRESSED_TEXT, "00"); // §7.2.3.6: empty
        assertEquals(
                List.of("Hello", "Hello", "Hello", "Hello", ""),
                received.messages.stream().map(Pieces.Message::text).toList());
        received.pieces.forEach(piece -> assertEquals(0, piece.firstByte().rsv()));
    }

    @Test
    void inflatesAMessageInFragmentsWithAPingBetween() {
        receive(COMPRESSED_TEXT.withFin(false), "f248cd"); // §7.2.3.1
        receive(FirstByte.of(true, Opcode.PING), "01");
        receive(FirstByte.of(true, Opcode.CONTINUATION), "c9c90700");
        assertEquals("Hello", received.messages.get(0).text());
        assertEquals(Opcode.TEXT, received.messages.get(0).opcode());
    }

    @Test
    void passesAMessageWithoutRsv1() {
        receive(TEXT, "48656c6c6f");
        assertEquals("Hello", received.messages.get(0).text());
    }

    @Test
    void failsWith1002WhenRsv1IsOnAContinuationOrAControlFrame() {
        receive(COMPRESSED_TEXT.withFin(false), "f248cd");
        for (Opcode opcode : List.of(Opcode.CONTINUATION, Opcode.PING, Opcode.CLOSE)) {
            FirstByte firstByte = FirstByte.of(true, opcode).withRsv(FirstByte.RSV1);
            assertFails(CloseCode.PROTOCOL_ERROR, firstByte, "");
        }
    }

    @Test
    void failsWith1007WhenTheDataIsMalformed() {
        assertFails(CloseCode.INVALID_PAYLOAD_DATA, COMPRESSED_TEXT, "ffffffffff");
    }

    @Test
    void failsWith1007WhenTheDataIsCutShort() {
        assertFails(CloseCode.INVALID_PAYLOAD_DATA, COMPRESSED_TEXT, "f248cd");
    }

    @Test
    void failsWith1009AsSoonAsTheBudgetIsPassed() {
        byte[] bomb = new byte[1 << 20];
        Pieces compressed = new Pieces();
        extension.outbound(compressed).onFrame(TEXT, ByteBuffer.wrap(bomb), true, SendMode.DEFAULT);
        FrameHandler limited = open(100_000).inbound(received);
        ProtocolException e = assertThrows(
                ProtocolException.class,
                () -> compressed.pieces.forEach(
                        p -> limited.onFrame(p.firstByte(), ByteBuffer.wrap(p.payload()), true)));
        assertEquals(CloseCode.MESSAGE_TOO_BIG, e.closeCode());
        assertTrue(received.pieces.stream().mapToInt(p -> p.payload().length).sum() <= 100_000);
    }

    @Test
    void leavesAShortMessageAsItIs() {
        Pieces sent = new Pieces();
        extension.outbound(sent).onFrame(TEXT, StandardCharsets.UTF_8.encode("Hello"), true, SendMode.DEFAULT);
        assertEquals(TEXT, sent.only().firstByte());
        assertEquals("48656c6c6f", sent.only().hex());
    }

    @Test
    void leavesControlFramesAsTheyAreWithinACompressedMessage() {
        Pieces sent = new Pieces();
        OutboundHandler outbound = extension.outbound(sent);
        FirstByte ping = FirstByte.of(true, Opcode.PING);
        ByteBuffer text = StandardCharsets.UTF_8.encode("the same again, ".repeat(100));
        outbound.onFrame(TEXT.withFin(false), text.duplicate(), true, SendMode.DEFAULT);
        outbound.onFrame(ping, StandardCharsets.UTF_8.encode("Hello"), true, SendMode.DEFAULT);
        outbound.onFrame(FirstByte.of(true, Opcode.CONTINUATION), text.duplicate(), true, SendMode.DEFAULT);
        assertEquals(FirstByte.RSV1, sent.pieces.get(0).firstByte().rsv());
        assertTrue(
                sent.pieces.stream().skip(1).allMatch(piece -> piece.firstByte().rsv() == 0));
        assertEquals(
                List.of("48656c6c6f"),
                sent.pieces.stream()
                        .filter(piece -> piece.firstByte().equals(ping))
                        .map(Pieces.Piece::hex)
                        .toList());
    }

    @Test
    void roundTripsMessagesOfAnyLengthWholeAndInFragments() {
        Random random = new Random(1);
        Pieces sent = new Pieces();
        OutboundHandler outbound = extension.outbound(sent);
        for (int length : new int[] {64, 1000, 16_380, 16_384, 16_388, 40_000, 300_000}) {
            for (int noise : new int[] {1, 16, 256}) {
                byte[] message = new byte[length];
                for (int i = 0; i < length; i++) {
                    message[i] = (byte) random.nextInt(noise);
                }
                sent.pieces.clear();
                received.messages.clear();
                int cut = random.nextInt(length);
                outbound.onFrame(TEXT, ByteBuffer.wrap(message), true, SendMode.DEFAULT);
                outbound.onFrame(TEXT.withFin(false), ByteBuffer.wrap(message, 0, cut), true, SendMode.DEFAULT);
                outbound.onFrame(
                        FirstByte.of(true, Opcode.CONTINUATION),
                        ByteBuffer.wrap(message, cut, length - cut),
                        true,
                        SendMode.DEFAULT);
                sent.pieces.forEach(p -> inbound.onFrame(p.firstByte(), ByteBuffer.wrap(p.payload()), p.endOfFrame()));
                assertEquals(2, received.messages.size());
                assertArrayEquals(message, received.messages.get(0).payload());
                assertArrayEquals(message, received.messages.get(1).payload());
            }
        }
    }

    @Test
    void compressesTextToLess() {
        byte[] message = new byte[1024];
        Arrays.fill(message, (byte) 'a');
        Pieces sent = new Pieces();
        extension.outbound(sent).onFrame(TEXT, ByteBuffer.wrap(message), true, SendMode.DEFAULT);
        assertEquals(COMPRESSED_TEXT, sent.only().firstByte());
        assertTrue(sent.only().payload().length < 50);
        assertFalse(sent.only().hex().endsWith("0000ffff"));
    }

    private void assertFails(CloseCode code, FirstByte firstByte, String hex) {
        ProtocolException e = assertThrows(ProtocolException.class, () -> receive(firstByte, hex));
        assertEquals(code, e.closeCode());
    }
}
