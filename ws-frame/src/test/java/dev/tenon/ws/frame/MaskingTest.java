package dev.tenon.ws.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MaskingTest {
    private static final int KEY = 0x37fa213d;

    @Test
    void theExampleOfTheRfc() {
        ByteBuffer hello = Hex.buffer("48656c6c6f");
        Masking.apply(hello, 0, 5, KEY);
        assertEquals("7f9f4d5158", Hex.of(hello));
    }

    @Test
    void onlyTheRangeChangesAndPositionAndLimitStay() {
        for (ByteBuffer buffer : new ByteBuffer[] {ByteBuffer.allocate(40), ByteBuffer.allocateDirect(40)}) {
            buffer.position(9).limit(33);
            Masking.apply(buffer, 3, 30, 0x01020304);
            assertEquals(9, buffer.position());
            assertEquals(33, buffer.limit());
            assertEquals("000000" + "01020304".repeat(6) + "010203" + "00".repeat(10), Hex.of(buffer.clear()));
        }
    }

    @Test
    void theKeyAdvancesByBytes() {
        assertEquals(KEY, Masking.advance(KEY, 0));
        assertEquals(0xfa213d37, Masking.advance(KEY, 1));
        assertEquals(0x213d37fa, Masking.advance(KEY, 2));
        assertEquals(0x3d37fa21, Masking.advance(KEY, 3));
        assertEquals(KEY, Masking.advance(KEY, 4));
        assertEquals(0x3d37fa21, Masking.advance(KEY, Long.MAX_VALUE));
    }

    @Test
    void aReadOnlyBufferIsRefused() {
        for (int length : new int[] {1, 8, 100}) {
            for (ByteBuffer buffer :
                    new ByteBuffer[] {ByteBuffer.allocate(length), ByteBuffer.allocateDirect(length)}) {
                assertThrows(
                        ReadOnlyBufferException.class, () -> Masking.apply(buffer.asReadOnlyBuffer(), 0, length, KEY));
                assertEquals("00".repeat(length), Hex.of(buffer));
            }
        }
    }

    @Test
    void aReadOnlyBufferIsAcceptedIfNothingChanges() {
        ByteBuffer locked = Hex.buffer("4865").asReadOnlyBuffer();
        Masking.apply(locked, 0, 2, 0);
        Masking.apply(locked, 1, 1, KEY);
        assertEquals("4865", Hex.of(locked));
    }

    @Test
    void aRangeThatLeavesTheBufferIsRefused() {
        for (ByteBuffer buffer : new ByteBuffer[] {ByteBuffer.allocate(40), ByteBuffer.allocateDirect(40)}) {
            buffer.limit(20);
            assertThrows(IndexOutOfBoundsException.class, () -> Masking.apply(buffer, 0, 21, KEY));
            assertThrows(IndexOutOfBoundsException.class, () -> Masking.apply(buffer, -1, 10, KEY));
            assertThrows(IndexOutOfBoundsException.class, () -> Masking.apply(buffer, 5, 4, KEY));
            assertThrows(IndexOutOfBoundsException.class, () -> Masking.apply(buffer, 0, 21, 0));
            assertEquals("00".repeat(40), Hex.of(buffer.clear()));
        }
    }

    @Test
    void secureKeysDoNotRepeat() {
        MaskingKeys keys = MaskingKeys.secure();
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 2000; i++) {
            seen.add(keys.next());
        }
        assertTrue(seen.size() > 1990, "2000 draws of 32 bits gave only " + seen.size() + " values");
    }

    @Test
    void aSecretOfTheGeneratorDecidesAllKeys() {
        MaskingKeys one = new BulkMaskingKeys(constant(1));
        MaskingKeys same = new BulkMaskingKeys(constant(1));
        MaskingKeys other = new BulkMaskingKeys(constant(2));
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            int key = one.next();
            assertEquals(key, same.next());
            seen.add(key);
            seen.add(other.next());
        }
        assertTrue(seen.size() > 1990, "2000 draws of 32 bits gave only " + seen.size() + " values");
    }

    private static SecureRandom constant(int value) {
        return new SecureRandom() {
            private static final long serialVersionUID = 1L;

            @Override
            public void nextBytes(byte[] bytes) {
                Arrays.fill(bytes, (byte) value);
            }
        };
    }
}
