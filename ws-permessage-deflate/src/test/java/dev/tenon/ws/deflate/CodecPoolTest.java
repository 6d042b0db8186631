package dev.tenon.ws.deflate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.deflate.NegotiatedDeflate.OpenDeflate;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** The codecs that the pool hands out, ends and counts; options and parameters without a message. */
class CodecPoolTest {
    private static void assertEnded(DeflateCodec codec) {
        // a NullPointerException on JDK 17, an IllegalStateException on 25
        assertThrows(RuntimeException.class, codec.deflater::getBytesRead, "zlib is still at work");
    }

    private static void assertEnded(InflateCodec codec) {
        assertThrows(RuntimeException.class, codec.inflater::getBytesRead, "zlib is still at work");
    }

    @Test
    void returnedCodecsAreReusedUpToTheCapacityAndEndedBeyondIt() {
        CodecPool pool = new CodecPool(3, 1);
        DeflateCodec deflater = pool.deflater();
        DeflateCodec another = pool.deflater();
        InflateCodec inflater = pool.inflater();
        InflateCodec other = pool.inflater();
        assertEquals(4, pool.codecsOut());
        pool.release(deflater);
        pool.release(another);
        pool.release(inflater);
        pool.release(other);
        assertEquals(0, pool.codecsOut());
        assertEnded(another);
        assertEnded(other);
        assertSame(deflater, pool.deflater());
        assertSame(inflater, pool.inflater());
        assertEquals(0, deflater.deflater.getBytesRead());
    }

    @Test
    void aClosedPoolEndsIdleAndReturnedCodecsAndLeasesNewOnes() {
        CodecPool pool = new CodecPool(3, 4);
        DeflateCodec idle = pool.deflater();
        InflateCodec idleToo = pool.inflater();
        DeflateCodec late = pool.deflater();
        InflateCodec lateToo = pool.inflater();
        pool.release(idle);
        pool.release(idleToo);
        pool.close();
        assertEnded(idle);
        assertEnded(idleToo);
        assertEquals(2, pool.codecsOut());
        pool.release(late);
        pool.release(lateToo);
        assertEnded(late);
        assertEnded(lateToo);
        assertEquals(0, pool.nativeBytes());
        assertEquals(0, pool.deflater().deflater.getBytesRead());
        assertEquals(0, pool.inflater().inflater.getBytesRead());
    }

    @Test
    void nativeBytesAreThoseOfAllCodecsIdleOnesIncluded() {
        CodecPool pool = new CodecPool(3, 4);
        DeflateCodec deflater = pool.deflater();
        long one = pool.nativeBytes();
        assertTrue(one > DeflateCodec.ROOM + 256 * 1024 && one < 1024 * 1024, () -> one + " bytes");
        pool.deflater();
        assertEquals(2 * one, pool.nativeBytes());
        InflateCodec inflater = pool.inflater();
        long inflated = pool.nativeBytes() - 2 * one;
        assertTrue(inflated > InflateCodec.ROOM + 32 * 1024 && inflated < one);
        pool.inflater();
        assertEquals(2 * one + 2 * inflated, pool.nativeBytes());
        pool.release(deflater);
        pool.release(inflater);
        assertEquals(2 * one + 2 * inflated, pool.nativeBytes());
    }

    @Test
    void theNumberOfKeptInflatersIsLimited() {
        CodecPool pool = new CodecPool(3, 2);
        InflateCodec first = pool.inflaterToKeep();
        assertNotNull(first);
        assertNotNull(pool.inflaterToKeep());
        assertNull(pool.inflaterToKeep());
        pool.release(first);
        assertSame(first, pool.inflaterToKeep(), "an idle one is not out");
        assertNull(pool.inflaterToKeep());
    }

    @Test
    void aDedicatedConnectionHoldsItsCodecsUntilItIsClosed() {
        DeflateOptions options =
                DeflateOptions.defaults().withTakeover(true, true).withMemory(MemoryMode.DEDICATED);
        try (Endpoint.Pair pair = Endpoint.connect(options, options)) {
            assertEquals(0, pair.client().provider.codecsOut());
            pair.client().send(Payloads.text(500, new Random(1)), 1, new Random(1));
            assertEquals(1, pair.client().provider.codecsOut());
            pair.client().extension.close();
            assertEquals(0, pair.client().provider.codecsOut());
        }
    }

    private static void assertRange(int from, int to, IntFunction<DeflateOptions> options) {
        assertNotNull(options.apply(from));
        assertNotNull(options.apply(to));
        assertThrows(IllegalArgumentException.class, () -> options.apply(from - 1));
        if (to < Integer.MAX_VALUE) {
            assertThrows(IllegalArgumentException.class, () -> options.apply(to + 1));
        }
    }

    @Test
    void optionsTakeTheEdgesOfTheirRangesAndNothingBeyond() {
        DeflateOptions options = DeflateOptions.defaults();
        assertRange(1, 9, options::withLevel);
        assertRange(0, Integer.MAX_VALUE, options::withMinimumSize);
        assertRange(8, 15, bits -> options.withWindowBits(bits, 15));
        assertRange(8, 15, bits -> options.withWindowBits(15, bits));
        assertRange(0, 1 << 15, options::withOutboundContext);
        assertRange(1, 1 << 20, options::withPooledCodecs);
    }

    @Test
    void anOutboundContextIsKeptIfThereIsRoomForOne() {
        DeflateOptions options = DeflateOptions.defaults().withTakeover(true, false);
        assertTrue(options.withOutboundContext(1).keepsOutboundContext());
        assertFalse(options.withOutboundContext(0).keepsOutboundContext());
        assertTrue(
                options.withOutboundContext(0).withMemory(MemoryMode.DEDICATED).keepsOutboundContext());
        assertFalse(options.withTakeover(false, true).keepsOutboundContext());
        assertFalse(options.withTakeover(false, true)
                .withMemory(MemoryMode.DEDICATED)
                .keepsOutboundContext());
    }

    @Test
    void theNegotiatedParametersAreAvailableToReceiverAndSender() {
        DeflateOptions options = DeflateOptions.defaults().withTakeover(true, true);
        try (Endpoint.Pair pair = Endpoint.connect(options, options);
                Endpoint.Pair same = Endpoint.connect(options, options);
                Endpoint.Pair other = Endpoint.connect(options.withLevel(9), options.withLevel(9))) {
            assertTrue(pair.client().negotiated.fragmentable());
            assertEquals(1000 + 250 + 64, pair.client().negotiated.maxPayloadLength(1000));
            Object key = pair.server().extension.sharingKey().orElseThrow();
            assertEquals(key, same.server().extension.sharingKey().orElseThrow());
            assertNotEquals(key, other.server().extension.sharingKey().orElseThrow());
        }
    }

    @Test
    void theWindowsOfAConnectionAreCountedAndGivenBack() {
        DeflateOptions options = DeflateOptions.defaults().withTakeover(true, true);
        try (Endpoint.Pair pair = Endpoint.connect(options, options)) {
            OpenDeflate client = (OpenDeflate) pair.client().extension;
            OpenDeflate server = (OpenDeflate) pair.server().extension;
            assertEquals(0, client.retainedBytes());
            pair.client().send(Payloads.text(3000, new Random(1)), 1, new Random(1));
            assertTrue(client.retainedBytes() >= 2000, () -> client.retainedBytes() + " of what was sent");
            pair.client()
                    .sent
                    .pieces
                    .forEach(piece ->
                            pair.server().inbound.onFrame(piece.firstByte(), ByteBuffer.wrap(piece.payload()), true));
            assertTrue(server.retainedBytes() >= 3000, () -> server.retainedBytes() + " of what was received");
            client.close();
            server.close();
            assertEquals(0, client.retainedBytes());
            assertEquals(0, server.retainedBytes());
        }
    }
}
