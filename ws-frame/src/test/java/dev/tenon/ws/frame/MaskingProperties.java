package dev.tenon.ws.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class MaskingProperties {

    /** RFC 6455 §5.3, octet by octet. */
    private static String plainly(byte[] bytes, int from, int to, int key) {
        byte[] masked = bytes.clone();
        for (int i = from; i < to; i++) {
            masked[i] ^= (byte) (key >>> (24 - 8 * ((i - from) % 4)));
        }
        return Hex.of(masked);
    }

    private static ByteBuffer[] kinds(byte[] bytes) {
        return new ByteBuffer[] {
            ByteBuffer.wrap(bytes.clone()),
            ByteBuffer.allocateDirect(bytes.length).put(bytes).clear(),
            ByteBuffer.allocate(bytes.length + 3).position(3).slice().put(bytes).clear(),
            ByteBuffer.allocateDirect(bytes.length + 3)
                    .position(3)
                    .slice()
                    .put(bytes)
                    .clear()
        };
    }

    @Property
    void everyKindOfBufferIsMaskedOctetByOctet(
            @ForAll @Size(max = 300) byte[] bytes, @ForAll int key, @ForAll int a, @ForAll int b) {
        int from = Math.floorMod(Math.min(a, b), bytes.length + 1);
        int to = from + Math.floorMod(Math.max(a, b), bytes.length - from + 1);
        for (ByteBuffer buffer : kinds(bytes)) {
            Masking.apply(buffer, from, to, key);
            assertEquals(plainly(bytes, from, to, key), Hex.of(buffer));
        }
    }

    @Property
    void maskingTwiceChangesNothing(
            @ForAll @Size(max = 200) byte[] bytes, @ForAll int key, @ForAll @IntRange(max = 200) int offset) {
        int from = Math.min(offset, bytes.length);
        for (ByteBuffer buffer : kinds(bytes)) {
            Masking.apply(buffer, from, bytes.length, key);
            Masking.apply(buffer, from, bytes.length, key);
            assertEquals(Hex.of(bytes), Hex.of(buffer));
        }
    }

    @Property
    void maskingMayStopAndGoOnAnywhere(
            @ForAll @Size(max = 200) byte[] bytes, @ForAll int key, @ForAll @IntRange(max = 200) int offset) {
        int cut = Math.min(offset, bytes.length);
        for (ByteBuffer buffer : kinds(bytes)) {
            Masking.apply(buffer, 0, cut, key);
            Masking.apply(buffer, cut, bytes.length, Masking.advance(key, cut));
            assertEquals(plainly(bytes, 0, bytes.length, key), Hex.of(buffer));
        }
    }

    @Property
    void aMaskedCopyIsTheSameBetweenAllKindsOfBuffers(
            @ForAll @Size(max = 300) byte[] bytes, @ForAll int anyKey, @ForAll boolean plain) {
        int key = plain ? 0 : anyKey;
        for (ByteBuffer source : kinds(bytes)) {
            for (ByteBuffer target : kinds(new byte[bytes.length + 5])) {
                Masking.copyMasked(source, 0, target, 2, bytes.length, key);
                assertEquals(
                        "0000" + plainly(bytes, 0, bytes.length, key) + "000000",
                        Hex.of(target),
                        "only the copy changes");
            }
            assertEquals(Hex.of(bytes), Hex.of(source));
        }
    }

    /** The payload is longer than one copied block. */
    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void aLongMaskedCopyIsTheSameBetweenAllKindsOfBuffers(
            @ForAll @IntRange(min = 8000, max = 20_000) int length, @ForAll int key) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 7);
        }
        String expected = plainly(bytes, 0, length, key);
        for (ByteBuffer source : kinds(bytes)) {
            for (ByteBuffer target : kinds(new byte[length])) {
                Masking.copyMasked(source, 0, target, 0, length, key);
                assertEquals(expected, Hex.of(target));
            }
        }
    }

    /** The payload is long enough for every stride of a loop, with every remainder. */
    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void longRangesAreMaskedOctetByOctet(
            @ForAll @IntRange(max = 5000) int length, @ForAll @IntRange(max = 9) int from, @ForAll int key) {
        byte[] bytes = new byte[from + length + 9];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 7);
        }
        for (ByteBuffer buffer : kinds(bytes)) {
            Masking.apply(buffer, from, from + length, key);
            assertEquals(plainly(bytes, from, from + length, key), Hex.of(buffer));
        }
    }
}
