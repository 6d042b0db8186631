package dev.tenon.ws.deflate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.deflate.Pieces.Piece;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Opcode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeflationTest {
    private final Random random = new Random(5);

    private static Endpoint.Pair pair(MemoryMode memory) {
        DeflateOptions options = DeflateOptions.defaults().withMemory(memory).withTakeover(true, true);
        return Endpoint.connect(options, options);
    }

    @Test
    void anIncompressibleMessageIsSentUncompressed() {
        for (MemoryMode memory : MemoryMode.values()) {
            try (Endpoint.Pair pair = pair(memory)) {
                byte[] noise = Payloads.noise(1000, random);
                byte[] text = Payloads.text(1000, random);
                for (byte[] message : List.of(text, noise, text, noise, text)) {
                    pair.server().send(message, 1, random);
                    boolean compressed = pair.server().sent.only().firstByte().rsv1();
                    assertEquals(message != noise, compressed);
                    pair.client().receiveFrom(pair.server(), random);
                    assertArrayEquals(
                            message, pair.client().received.messages.get(0).payload());
                    pair.client().received.clear();
                }
            }
        }
    }

    @Test
    void theSecondOfTwoEqualMessagesIsMuchShorter() {
        for (MemoryMode memory : MemoryMode.values()) {
            try (Endpoint.Pair pair = pair(memory)) {
                byte[] message = Payloads.text(1000, random);
                pair.server().send(message, 1, random);
                pair.server().send(message, 1, random);
                List<Piece> sent = pair.server().sent.pieces;
                assertTrue(sent.get(1).payload().length * 5 < sent.get(0).payload().length);
            }
        }
    }

    /** A message may refer to more than the kept history, as long as the deflater still has it. */
    @Test
    void messagesInARowReferToAllThatWasSentBefore() {
        assertTrue(lengthOfARepetition(false) < 100);
        assertTrue(lengthOfARepetition(true) > 1000);
    }

    /** Returns the compressed length of random bytes that are repeated at a distance beyond the kept history. */
    private int lengthOfARepetition(boolean interrupted) {
        byte[] noise = Payloads.noise(1000, random);
        byte[] twice = ByteBuffer.allocate(2000).put(noise).put(noise).array();
        try (Endpoint.Pair pair = pair(MemoryMode.POOLED)) {
            Endpoint server = pair.server();
            for (byte[] message : List.of(twice, Payloads.text(6000, random), twice)) {
                if (interrupted) {
                    server.sendFromAnotherConnection();
                }
                server.outbound.onFrame(
                        FirstByte.of(true, Opcode.BINARY), ByteBuffer.wrap(message), true, SendMode.DEFAULT);
            }
            return server.sent.pieces.get(2).payload().length;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theNextMessageDoesNotReferToDiscardedHistory(MemoryMode memory) {
        byte[] message = Payloads.text(3000, random);
        try (Endpoint.Pair pair = pair(memory)) {
            for (int i = 0; i < 2; i++) {
                pair.server().extension.forgetOutbound();
                pair.server()
                        .outbound
                        .onFrame(FirstByte.of(true, Opcode.BINARY), ByteBuffer.wrap(message), true, SendMode.DEFAULT);
            }
            List<Piece> sent = pair.server().sent.pieces;
            assertArrayEquals(sent.get(0).payload(), sent.get(1).payload());
        }
    }

    @Test
    void aLongMessageLeavesInFragments() {
        try (Endpoint.Pair pair = pair(MemoryMode.POOLED)) {
            pair.server().send(Payloads.text(1_000_000, random), 1, random);
            List<Piece> sent = pair.server().sent.pieces;
            assertTrue(sent.size() > 5);
            for (int i = 0; i < sent.size(); i++) {
                boolean last = i == sent.size() - 1;
                FirstByte expected = FirstByte.of(last, i == 0 ? Opcode.BINARY : Opcode.CONTINUATION)
                        .withRsv(i == 0 ? FirstByte.RSV1 : 0);
                assertEquals(expected, sent.get(i).firstByte());
                assertTrue(sent.get(i).payload().length <= DeflateCodec.ROOM);
            }
        }
    }

    /**
     * A message that cannot be compressed must not grow: it is sent unchanged, and the next message refers to data that
     * the peer has.
     */
    @ParameterizedTest
    @EnumSource
    void randomBytesOfAnyLengthAreSentUncompressed(MemoryMode memory) {
        for (int length : new int[] {15_360, 15_361, 16_384, 16_385, 1 << 20}) {
            try (Endpoint.Pair pair = pair(memory)) {
                byte[] text = Payloads.text(1500, random);
                byte[] noise = Payloads.noise(length, random);
                for (byte[] message : List.of(text, noise, text)) {
                    pair.server().send(message, 1, random);
                }
                List<Piece> sent = List.copyOf(pair.server().sent.pieces);
                assertEquals(3, sent.size());
                assertEquals(FirstByte.of(true, Opcode.BINARY), sent.get(1).firstByte());
                assertArrayEquals(noise, sent.get(1).payload());
                pair.client().receiveFrom(pair.server(), random);
                assertArrayEquals(text, pair.client().received.messages.get(0).payload());
                assertArrayEquals(text, pair.client().received.messages.get(2).payload());
            }
        }
    }

    @Test
    void aLongMessageThatGetsSmallerIsCompressedAlthoughItsBeginningIsFlushed() {
        try (Endpoint.Pair pair = pair(MemoryMode.POOLED)) {
            byte[] text = Payloads.text(200_000, random);
            pair.server().send(text, 1, random);
            assertTrue(pair.server().sent.pieces.get(0).firstByte().rsv1());
            pair.client().receiveFrom(pair.server(), random);
            assertArrayEquals(text, pair.client().received.messages.get(0).payload());
        }
    }

    @Test
    void aPingBetweenFragmentsPasses() {
        try (Endpoint.Pair pair = pair(MemoryMode.POOLED)) {
            FirstByte first = FirstByte.of(false, Opcode.TEXT);
            pair.server().outbound.onFrame(first, ByteBuffer.wrap(Payloads.text(10, random)), true, SendMode.DEFAULT);
            FirstByte ping = FirstByte.of(true, Opcode.PING);
            pair.server().outbound.onFrame(ping, ByteBuffer.allocate(3), true, SendMode.DEFAULT);
            pair.server()
                    .outbound
                    .onFrame(FirstByte.of(true, Opcode.CONTINUATION), ByteBuffer.allocate(0), true, SendMode.DEFAULT);
            List<Piece> sent = pair.server().sent.pieces;
            assertEquals(ping, sent.get(1).firstByte());
            assertEquals("00", sent.get(2).hex());
            assertEquals(FirstByte.of(true, Opcode.CONTINUATION), sent.get(2).firstByte());
        }
    }

    @Test
    void anUncompressedMessageIsSentAsItIsAndTheNextOneCompressed() {
        try (Endpoint.Pair pair = pair(MemoryMode.POOLED)) {
            pair.server().send(Payloads.text(1000, random), 1, random, SendMode.UNCOMPRESSED);
            pair.server().send(Payloads.text(1000, random), 1, random);
            List<Piece> sent = pair.server().sent.pieces;
            assertFalse(sent.get(0).firstByte().rsv1());
            assertTrue(sent.get(1).firstByte().rsv1());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPreparedMessageIsCompressedOnceForAll(MemoryMode memory) {
        List<Endpoint.Pair> pairs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            pairs.add(pair(memory));
        }
        byte[] message = Payloads.text(3000, random);
        List<Piece> prepared = new ArrayList<>();
        for (Endpoint.Pair pair : pairs) { // each connection has its own history
            pair.server().send(Payloads.text(2000, random), 1, random);
            pair.client().receiveFrom(pair.server(), random);
            assertEquals(
                    pairs.get(0).server().extension.sharingKey(),
                    pair.server().extension.sharingKey());
            pair.server().extension.forgetOutbound();
            if (prepared.isEmpty()) {
                pair.server().send(message, 1, random);
                prepared.addAll(pair.server().sent.pieces);
            } else {
                pair.server().sent.pieces.addAll(prepared); // the shared frames do not pass the stage
            }
            pair.server().send(message, 1, random);
            pair.client().received.clear();
            pair.client().receiveFrom(pair.server(), random);
            assertEquals(2, pair.client().received.messages.size());
            pair.client().received.messages.forEach(m -> assertArrayEquals(message, m.payload()));
        }
        pairs.forEach(Endpoint.Pair::close);
    }

    @ParameterizedTest
    @EnumSource
    void closeReturnsEveryCodecAndTheProviderFreesEveryByte(MemoryMode memory) {
        DeflateOptions options = DeflateOptions.defaults().withMemory(memory).withPooledCodecs(2);
        Endpoint.Pair pair = Endpoint.connect(options, options);
        PermessageDeflate provider = pair.server().provider;
        pair.server().send(Payloads.text(3000, random), 1, random);
        pair.client().receiveFrom(pair.server(), random);
        assertTrue(provider.nativeBytes() > 0);
        pair.close();
        assertEquals(0, provider.codecsOut());
        provider.close();
        assertEquals(0, provider.nativeBytes());
        pair.client().provider.close();
        assertEquals(0, pair.client().provider.nativeBytes());
    }

    @Test
    void aClosedProviderServesOpenConnectionsAndKeepsNothing() {
        try (Endpoint.Pair pair = pair(MemoryMode.POOLED)) {
            pair.server().provider.close();
            pair.client().provider.close();
            byte[] message = Payloads.text(3000, random);
            pair.server().send(message, 2, random);
            pair.client().receiveFrom(pair.server(), random);
            assertArrayEquals(message, pair.client().received.messages.get(0).payload());
            assertEquals(0, pair.server().provider.nativeBytes());
            assertEquals(0, pair.client().provider.nativeBytes());
        }
    }

    @Test
    void thePoolKeepsNoMoreThanItsCapacity() {
        CodecPool pool = new CodecPool(1, 2);
        List<DeflateCodec> out = List.of(pool.deflater(), pool.deflater(), pool.deflater(), pool.deflater());
        out.forEach(pool::release);
        long two = pool.nativeBytes();
        pool.release(pool.deflater());
        assertEquals(two, pool.nativeBytes());
        assertEquals(2 * (268 * 1024 + DeflateCodec.ROOM), two);
    }
}
