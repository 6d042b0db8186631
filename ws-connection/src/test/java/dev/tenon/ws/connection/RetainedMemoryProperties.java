package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** An incomplete message holds at most twice its received bytes and 4 KiB, for any split. */
class RetainedMemoryProperties {
    private static final int EXTRA = 4096;

    @Property(tries = 500)
    void theHeldMemoryIsProportionalToTheReceivedBytes(
            @ForAll @Size(max = 50) List<@IntRange(max = 20_000) Integer> pieces, @ForAll @IntRange(max = 3) int tiny) {
        ByteAccumulator held = new ByteAccumulator();
        int received = 0;
        for (int piece : pieces) {
            int length = piece >> (tiny * 4);
            held.append(ByteBuffer.allocate(length));
            received += length;
            assertEquals(received, held.length());
            int retained = held.view().array().length;
            assertTrue(retained <= 2 * received + EXTRA, retained + " for " + received);
        }
    }
}
