package dev.tenon.ws.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the rest of received bytes costs. */
class KeptBytesTest {
    @Test
    void aShortRestOfManyBytesKeepsNoLongArray() {
        KeptBytes kept = new KeptBytes();
        kept.keep(ByteBuffer.wrap(new byte[] {1, 2}), true);
        ByteBuffer all = kept.join(ByteBuffer.allocate(100_000).put(99_997, new byte[] {7, 8, 9}));
        all.position(all.limit() - 3);
        kept.keep(all, false);
        ByteBuffer rest = Objects.requireNonNull(kept.removeAll());
        assertEquals(3, rest.capacity());
        assertEquals(ByteBuffer.wrap(new byte[] {7, 8, 9}), rest);
    }
}
