package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RestBuffersTest {
    private final RestBuffers rests = new RestBuffers(Arena::ofShared);
    private final Deque<ByteBuffer> taken = new ArrayDeque<>();

    @AfterEach
    void close() {
        rests.close();
    }

    private ByteBuffer take(int... bytes) {
        ByteBuffer from = ByteBuffer.allocate(bytes.length);
        for (int each : bytes) {
            from.put((byte) each);
        }
        ByteBuffer copy = rests.copyOf(from.flip());
        taken.push(copy);
        return copy;
    }

    private void releaseAll() {
        while (!taken.isEmpty()) {
            rests.release(taken.pop());
        }
    }

    private static boolean isAllocated(ByteBuffer buffer) {
        return MemorySegment.ofBuffer(buffer).scope().isAlive();
    }

    @Test
    void aReleasedBufferIsUsedAgain() {
        ByteBuffer first = take(1, 2, 3);
        assertEquals(ByteBuffer.wrap(new byte[] {1, 2, 3}), first);
        releaseAll();
        ByteBuffer second = take(4, 5);
        assertSame(first, second);
        assertEquals(ByteBuffer.wrap(new byte[] {4, 5}), second);
    }

    @Test
    void aBufferBelongsToOneKey() {
        ByteBuffer first = take(1);
        ByteBuffer second = take(2);
        assertEquals(1, first.get(0));
        assertEquals(2, second.get(0));
    }

    @Test
    void aBufferHasRoomForAllBytesOfAKey() {
        assertEquals(
                OutputRequest.MOST_QUEUED,
                take(new int[OutputRequest.MOST_QUEUED]).remaining());
    }

    @Test
    void theMemoryOfManyBuffersIsFreedWhenNoneIsInUse() {
        ByteBuffer first = take(0);
        for (int i = 0; i < RestBuffers.MOST_KEPT; i++) {
            take(i);
        }
        ByteBuffer last = taken.pop();
        releaseAll();
        assertTrue(isAllocated(first), "one is in use");
        rests.release(last);
        assertFalse(isAllocated(first));
        assertFalse(isAllocated(last));
        assertTrue(isAllocated(take(1)));
    }

    @Test
    void theMemoryOfFewBuffersIsKept() {
        ByteBuffer only = take(1);
        releaseAll();
        assertTrue(isAllocated(only));
        rests.close();
        assertFalse(isAllocated(only));
    }
}
