package dev.tenon.ws.deflate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class InflationTest {
    private static final FirstByte COMPRESSED = FirstByte.of(true, Opcode.TEXT).withRsv(FirstByte.RSV1);
    private static final FirstByte CONTINUATION = FirstByte.of(true, Opcode.CONTINUATION);

    private final Pieces received = new Pieces();
    private final CodecPool pool = new CodecPool(3, 2);
    private final List<Inflation> open = new ArrayList<>();

    private Inflation inflation(long budget, boolean takeover) {
        return inflation(budget, takeover ? new History(1 << 15) : null, MemoryMode.POOLED);
    }

    private Inflation inflation(long budget, @Nullable History context, MemoryMode memory) {
        Inflation stage = new Inflation(received, pool, budget, context, memory);
        open.add(stage);
        return stage;
    }

    private static void feed(Inflation stage, FirstByte firstByte, byte[] payload) {
        stage.onFrame(firstByte, ByteBuffer.wrap(payload), true);
    }

    private static void feed(Inflation stage, FirstByte firstByte, String hex) {
        feed(stage, firstByte, HexFormat.of().parseHex(hex));
    }

    private static byte[] deflated(byte[] message, int flush, byte[] dictionary) {
        Deflater deflater = new Deflater(6, true);
        if (dictionary.length != 0) {
            deflater.setDictionary(dictionary);
        }
        deflater.setInput(message);
        byte[] payload = new byte[message.length + 100];
        int length;
        if (flush == Deflater.NO_FLUSH) { // a final block, and the octet after which the stream ends as usual
            deflater.finish();
            length = deflater.deflate(payload) + 1;
        } else {
            length = deflater.deflate(payload, 0, payload.length, flush) - 4;
        }
        deflater.end();
        return Arrays.copyOf(payload, length);
    }

    @Test
    void theContextOfRfc7692CarriesOver() { // §7.2.3.2
        Inflation stage = inflation(100, true);
        feed(stage, COMPRESSED, "f248cdc9c90700");
        feed(stage, COMPRESSED, "f200110000");
        assertEquals(
                List.of("Hello", "Hello"),
                received.messages.stream().map(Pieces.Message::text).toList());
    }

    @Test
    void anUncompressedMessageDoesNotMoveTheContext() {
        Inflation stage = inflation(100, true);
        feed(stage, COMPRESSED, "f248cdc9c90700");
        feed(stage, FirstByte.of(true, Opcode.TEXT), "776f726c64");
        feed(stage, COMPRESSED, "f200110000");
        assertEquals("Hello", received.messages.get(2).text());
    }

    @Test
    void withoutTakeoverAReferenceToAnEarlierMessageIsMalformed() {
        Inflation stage = inflation(100, false);
        feed(stage, COMPRESSED, "f248cdc9c90700");
        assertFails(CloseCode.INVALID_PAYLOAD_DATA, () -> feed(stage, COMPRESSED, "f200110000"));
    }

    /** RFC 7692 §7.2.3.4: a final block ends neither the message nor the window. */
    @Test
    void afterAFinalBlockTheWindowIsStillThere() {
        for (boolean takeover : new boolean[] {false, true}) {
            byte[] message = Payloads.noise(5000, new Random(1));
            byte[] first = deflated(message, Deflater.NO_FLUSH, new byte[0]);
            byte[] again = deflated(message, Deflater.SYNC_FLUSH, message);
            assertTrue(again.length < 200, "refers back");
            ByteArrayOutputStream both = new ByteArrayOutputStream();
            both.write(first, 0, first.length - 1);
            both.writeBytes(again);
            Inflation stage = inflation(10_000, takeover);
            received.clear();
            feed(stage, COMPRESSED, both.toByteArray());
            ByteArrayOutputStream twice = new ByteArrayOutputStream();
            twice.writeBytes(message);
            twice.writeBytes(message);
            assertArrayEquals(twice.toByteArray(), received.messages.get(0).payload());
        }
    }

    @Test
    void aFinalBlockMayEndTheMessageAndTheNextOneStillRefersToIt() {
        Inflation stage = inflation(10_000, true);
        byte[] message = Payloads.noise(3000, new Random(1));
        byte[] first = deflated(message, Deflater.NO_FLUSH, new byte[0]);
        feed(stage, COMPRESSED, Arrays.copyOf(first, first.length - 1)); // without the octet after it
        feed(stage, COMPRESSED, first);
        feed(stage, COMPRESSED, deflated(message, Deflater.SYNC_FLUSH, message));
        for (Pieces.Message each : received.messages) {
            assertArrayEquals(message, each.payload());
        }
        assertEquals(3, received.messages.size());
    }

    @Test
    void aFloodOfFinalBlocksFailsWith1008() {
        byte[] flood = new byte[20_000];
        for (int i = 0; i < flood.length; i += 2) {
            flood[i] = 3;
        }
        assertFails(CloseCode.POLICY_VIOLATION, () -> feed(inflation(20_000, false), COMPRESSED, flood));
    }

    @Test
    void aMessageAsLongAsTheBudgetPassesAndOneByteMoreFails() {
        for (int length : new int[] {0, 1, 16_383, 16_384, 16_385, 100_000}) {
            byte[] payload = deflated(new byte[length], Deflater.SYNC_FLUSH, new byte[0]);
            feed(inflation(length, false), COMPRESSED, payload);
            assertEquals(length, received.messages.get(0).payload().length);
            received.clear();
            byte[] longer = deflated(new byte[length + 1], Deflater.SYNC_FLUSH, new byte[0]);
            assertFails(CloseCode.MESSAGE_TOO_BIG, () -> feed(inflation(length, false), COMPRESSED, longer));
            received.clear();
        }
    }

    @Test
    void aBombIsInflatedOnlyUpToTheBudget() {
        byte[] bomb = deflated(new byte[50 << 20], Deflater.SYNC_FLUSH, new byte[0]);
        assertFails(CloseCode.MESSAGE_TOO_BIG, () -> feed(inflation(1000, false), COMPRESSED, bomb));
        assertTrue(received.pieces.stream().mapToInt(p -> p.payload().length).sum() <= 1000);
    }

    @Test
    void whatIsBrokenBehindTheLimitIsNotInflated() {
        byte[] bomb = deflated(new byte[1 << 20], Deflater.SYNC_FLUSH, new byte[0]);
        byte[] broken = Arrays.copyOf(bomb, bomb.length + 8);
        Arrays.fill(broken, bomb.length, broken.length, (byte) 0xFF); // a block type that does not exist
        assertFails(CloseCode.MESSAGE_TOO_BIG, () -> feed(inflation(1000, false), COMPRESSED, broken));
        assertFails(CloseCode.INVALID_PAYLOAD_DATA, () -> feed(inflation(2 << 20, false), COMPRESSED, broken));
    }

    @Test
    void anEmptyPayloadIsAnEmptyMessage() {
        feed(inflation(100, true), COMPRESSED, "");
        assertEquals("", received.messages.get(0).text());
    }

    @Test
    void aMessageInsideAMessageFailsWith1002() {
        Inflation stage = inflation(100, false);
        feed(stage, COMPRESSED.withFin(false), "f248cd");
        assertFails(CloseCode.PROTOCOL_ERROR, () -> feed(stage, COMPRESSED, "f248cdc9c90700"));
    }

    @Test
    void slowMessagesBeyondTheInflaterLimitWaitCompressedAndAreInflatedWhole() {
        byte[] message = Payloads.text(40_000, new Random(2));
        byte[] payload = deflated(message, Deflater.SYNC_FLUSH, new byte[0]);
        int half = payload.length / 2;
        for (int i = 0; i < 10; i++) {
            feed(inflation(1 << 20, i % 2 == 0), COMPRESSED.withFin(false), Arrays.copyOf(payload, half));
        }
        assertEquals(2, pool.codecsOut(), "only so many inflaters stay with messages");
        assertTrue(received.pieces.stream().allMatch(piece -> piece.firstByte().opcode() == Opcode.TEXT));
        received.clear();
        Pieces whole = received;
        Inflation waiting = open.get(9);
        feed(waiting, FirstByte.of(true, Opcode.PING), "");
        feed(waiting, CONTINUATION, Arrays.copyOfRange(payload, half, payload.length));
        assertArrayEquals(message, whole.messages.get(0).payload());
        assertEquals(Opcode.TEXT, whole.messages.get(0).opcode());
        assertEquals(2, pool.codecsOut());
    }

    @Test
    void aMessageAsLongAsAnInflatersMemoryGetsAnInflater() {
        byte[] message = Payloads.noise(100_000, new Random(3));
        byte[] payload = deflated(message, Deflater.SYNC_FLUSH, new byte[0]);
        for (int i = 0; i < 3; i++) {
            feed(inflation(1 << 20, false), COMPRESSED.withFin(false), "f248");
        }
        received.clear();
        Inflation stage = inflation(1 << 20, false);
        FirstByte firstByte = COMPRESSED.withFin(false);
        int at = 0;
        for (; at + 10_000 < payload.length; at += 10_000) {
            feed(stage, firstByte, Arrays.copyOfRange(payload, at, at + 10_000));
            firstByte = CONTINUATION.withFin(false);
            assertTrue(stage.retainedBytes() <= InflaterLease.MAX_WAITING);
        }
        assertEquals(3, pool.codecsOut());
        feed(stage, CONTINUATION, Arrays.copyOfRange(payload, at, payload.length));
        assertArrayEquals(message, received.messages.get(0).payload());
    }

    @Test
    void closingInsideAMessageReturnsTheInflater() {
        Inflation stage = inflation(100, true);
        feed(stage, COMPRESSED.withFin(false), "f248cd");
        assertEquals(1, pool.codecsOut());
        stage.close();
        assertEquals(0, pool.codecsOut());
        assertEquals(0, stage.retainedBytes());
    }

    @Test
    void closingInsideACallReturnsTheInflaterAfterIt() {
        Inflation[] self = new Inflation[1];
        self[0] = new Inflation((firstByte, payload, end) -> self[0].close(), pool, 1 << 20, null, MemoryMode.POOLED);
        byte[] payload = deflated(new byte[200_000], Deflater.SYNC_FLUSH, new byte[0]);
        feed(self[0], COMPRESSED, payload);
        assertEquals(0, pool.codecsOut());
    }

    @Test
    void aFailureGivesTheInflaterBackOnClose() {
        Inflation stage = inflation(100, false);
        assertFails(CloseCode.INVALID_PAYLOAD_DATA, () -> feed(stage, COMPRESSED.withFin(false), "ffff"));
        stage.close();
        assertEquals(0, pool.codecsOut());
        feed(inflation(100, false), COMPRESSED, "f248cdc9c90700"); // the stage works as before
        assertArrayEquals("Hello".getBytes(UTF_8), received.messages.get(0).payload());
    }

    @Test
    void aDedicatedInflaterKeepsItsWindowUntilTheEnd() {
        History context = new History(1 << 15, 1 << 16);
        Inflation stage = inflation(100, context, MemoryMode.DEDICATED);
        feed(stage, COMPRESSED, "f248cdc9c90700");
        context.drop(); // the history for priming is gone
        feed(stage, FirstByte.of(true, Opcode.TEXT), "776f726c64");
        feed(stage, COMPRESSED.withFin(false), "f200");
        assertEquals(1, pool.codecsOut());
        feed(stage, CONTINUATION, "110000");
        feed(stage, COMPRESSED, "f200110000");
        assertEquals(
                List.of("Hello", "world", "Hello", "Hello"),
                received.messages.stream().map(Pieces.Message::text).toList());
        assertEquals(1, pool.codecsOut());
        stage.close();
        assertEquals(0, pool.codecsOut());
        assertEquals(0, stage.retainedBytes());
        pool.close();
        assertEquals(0, pool.nativeBytes());
    }

    @Test
    void aDedicatedInflaterWithoutTakeoverForgetsAndStays() {
        Inflation stage = inflation(100, null, MemoryMode.DEDICATED);
        feed(stage, COMPRESSED, "f248cdc9c90700");
        feed(stage, COMPRESSED, "f248cdc9c90700");
        assertEquals("Hello", received.messages.get(1).text());
        assertFails(CloseCode.INVALID_PAYLOAD_DATA, () -> feed(stage, COMPRESSED, "f200110000"));
        assertEquals(1, pool.codecsOut());
        stage.close();
        assertEquals(0, pool.codecsOut());
    }

    /** The kept history primes the window again: RFC 7692 §7.2.3.4. */
    @Test
    void aDedicatedInflaterGoesOnAfterAFinalBlock() {
        Inflation stage = inflation(200_000, new History(1 << 15, 1 << 16), MemoryMode.DEDICATED);
        byte[] message = Payloads.noise(30_000, new Random(1));
        for (int i = 0; i < 3; i++) {
            feed(stage, COMPRESSED, deflated(message, Deflater.SYNC_FLUSH, i == 0 ? new byte[0] : message));
            feed(stage, COMPRESSED, deflated(message, Deflater.NO_FLUSH, message));
        }
        for (Pieces.Message each : received.messages) {
            assertArrayEquals(message, each.payload());
        }
        assertEquals(6, received.messages.size());
    }

    /** At any cut no byte of the next message may count as a part of this one. */
    @Test
    void aMessageCutShortFailsInEitherMode() {
        byte[] message = Payloads.text(600, new Random(4));
        byte[] stored = deflated(Payloads.noise(300, new Random(5)), Deflater.SYNC_FLUSH, new byte[0]);
        byte[] fixed = HexFormat.of().parseHex("f248cdc9c90700");
        byte[] dynamic = deflated(message, Deflater.SYNC_FLUSH, new byte[0]);
        assertFailsWhereverItIsCut(stored, 2); // one byte of 0 is an empty message
        assertFailsWhereverItIsCut(fixed, 1);
        assertFailsWhereverItIsCut(dynamic, 80); // after the description of the codes
        assertEquals(0, pool.codecsOut());
    }

    private void assertFailsWhereverItIsCut(byte[] payload, int from) {
        for (int cut = from; cut < payload.length - 1; cut++) {
            byte[] part = Arrays.copyOf(payload, cut);
            for (MemoryMode memory : MemoryMode.values()) {
                Inflation stage = inflation(10_000, new History(1 << 15), memory);
                assertFails(CloseCode.INVALID_PAYLOAD_DATA, () -> feed(stage, COMPRESSED, part));
                stage.close();
            }
        }
    }

    private static void assertFails(CloseCode code, Executable call) {
        assertEquals(code, assertThrows(ProtocolException.class, call).closeCode());
    }
}
