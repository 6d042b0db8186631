package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SharedFrameTest {
    @Test
    void withoutMemoryOutsideTheHeapTheArrayIsSent() {
        byte[] bytes = {1, 2, 3};
        ByteBuffer view = SharedFrame.outsideHeap(bytes, length -> {
            throw new OutOfMemoryError("deliberate");
        });
        assertEquals(ByteBuffer.wrap(bytes), view);
    }

    @Test
    void aLongFrameHasOneCopyOutsideTheHeapAndViewsOfTheirOwn() {
        byte[] bytes = new byte[20_000];
        bytes[7] = 42;
        SharedFrame frame = new SharedFrame(bytes);
        ByteBuffer first = frame.view();
        assertTrue(first.isDirect());
        assertEquals(ByteBuffer.wrap(bytes), first);
        first.position(first.limit());
        ByteBuffer second = frame.view();
        assertEquals(20_000, second.remaining());
        first.put(
                7,
                (byte) 43); // changes the shared memory, which only this test does, to show that it is the same memory
        assertEquals(43, second.get(7));
    }

    @Test
    void aShortFrameStaysOnTheHeap() {
        SharedFrame frame = new SharedFrame(new byte[] {1, 2, 3});
        assertFalse(frame.view().isDirect());
        assertEquals(3, frame.view().remaining());
    }

    @Test
    void allConnectionsAreGivenTheSameCopy() {
        PreparedMessage message = PreparedMessage.binary(ByteBuffer.allocate(100_000));
        for (int longest : new int[] {Fragmenter.UNBOUNDED, 60_000}) {
            view(message, longest).put(99, (byte) longest);
            assertEquals((byte) longest, view(message, longest).get(99));
        }
    }

    private static ByteBuffer view(PreparedMessage message, int longest) {
        return Objects.requireNonNull(message.framesFor(ExtensionChain.none(longest)))[0].view();
    }
}
