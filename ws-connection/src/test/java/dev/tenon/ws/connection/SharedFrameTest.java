package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
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
    void aLongFrameIsOneBufferOutsideTheHeap() {
        byte[] bytes = new byte[20_000];
        bytes[7] = 42;
        SharedFrame frame = new SharedFrame(bytes);
        assertTrue(frame.buffer().isDirect());
        assertEquals(ByteBuffer.wrap(bytes), frame.buffer());
        assertSame(frame.buffer(), frame.buffer());
    }

    @Test
    void aShortFrameIsOneBufferOnTheHeap() {
        SharedFrame frame = new SharedFrame(new byte[] {1, 2, 3});
        assertFalse(frame.buffer().isDirect());
        assertEquals(3, frame.buffer().remaining());
        assertSame(frame.buffer(), frame.buffer());
    }

    @Test
    void allConnectionsAreGivenTheSameCopy() {
        PreparedMessage message = PreparedMessage.binary(ByteBuffer.allocate(100_000));
        for (int longest : new int[] {Fragmenter.UNBOUNDED, 60_000}) {
            assertSame(buffer(message, longest), buffer(message, longest));
        }
    }

    private static ByteBuffer buffer(PreparedMessage message, int longest) {
        return Objects.requireNonNull(message.framesFor(ExtensionChain.none(longest)))[0].buffer();
    }
}
