package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class OutputScratchTest {
    private final OutputScratch scratch = new OutputScratch();

    private ByteBuffer take() {
        return Objects.requireNonNull(scratch.take());
    }

    @Test
    void oneConnectionHasTheArrayAtATime() {
        take();
        assertNull(scratch.take());
        scratch.giveBack();
        assertNotNull(scratch.take());
    }

    @Test
    void theArrayIsUsedAgainAndEmpty() {
        ByteBuffer array = take();
        array.putLong(1);
        scratch.giveBack();
        assertSame(array, take());
        assertEquals(0, array.position());
        assertEquals(OutputScratch.LENGTH, array.remaining());
    }
}
