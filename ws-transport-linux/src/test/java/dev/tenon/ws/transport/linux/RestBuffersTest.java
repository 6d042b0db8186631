package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestBuffersTest {
    private final RestBuffers rests = new RestBuffers(Arena::ofShared);
    private final List<RestBuffers.Buffer> taken = new ArrayList<>();

    @AfterEach
    void close() {
        rests.close();
    }

    private ByteBuffer take(int... bytes) {
        ByteBuffer from = ByteBuffer.allocate(bytes.length);
        for (int each : bytes) {
            from.put((byte) each);
        }
        taken.add(rests.copyOf(from.flip()));
        return taken.getLast().bytes();
    }

    private void releaseAll() {
        while (!taken.isEmpty()) {
            rests.release(taken.removeLast());
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

    /** Their peers read again, and one peer still does not. */
    @ParameterizedTest
    @ValueSource(ints = {0, 500, 999})
    void oneBufferInUseKeepsTheMemoryOfFewOthersOnly(int used) {
        List<ByteBuffer> all = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            all.add(take(i));
        }
        for (int i = 0; i < all.size(); i++) {
            if (i != used) {
                rests.release(taken.get(i));
            }
        }
        long allocated = all.stream().filter(RestBuffersTest::isAllocated).count();
        assertTrue(allocated <= RestBuffers.MOST_KEPT + 1, () -> allocated + " buffers are allocated");
        assertTrue(isAllocated(all.get(used)));
        assertEquals((byte) used, all.get(used).get(0));
    }

    @Test
    void theMemoryOfFewBuffersIsKeptUntilTheEnd() {
        ByteBuffer first = take(1);
        for (int i = 1; i < RestBuffers.MOST_KEPT; i++) {
            take(i);
        }
        ByteBuffer last = taken.getLast().bytes();
        releaseAll();
        assertTrue(isAllocated(first) && isAllocated(last));
        take(1);
        rests.close();
        assertFalse(isAllocated(first) || isAllocated(last));
    }
}
