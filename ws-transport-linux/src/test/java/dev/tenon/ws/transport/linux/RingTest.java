package dev.tenon.ws.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The completion queue, into which the test puts completions as the kernel does. */
class RingTest {
    private static final int HEAD = 0;
    private static final int TAIL = 4;
    private static final int COMPLETIONS = 20;

    private Ring ring;
    private final List<Long> taken = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        Kernel.provider();
        ring = new Ring(4, 4);
    }

    @AfterEach
    void close() {
        ring.file().close();
    }

    /** Where a part of the completion queue is. */
    private int offset(int part) {
        return ring.file().completionOffsets.get(JAVA_INT, part);
    }

    private void complete(long... data) {
        MemorySegment rings = ring.file().rings;
        int tail = rings.get(JAVA_INT, offset(TAIL));
        for (long each : data) {
            rings.set(JAVA_LONG, offset(COMPLETIONS) + (long) (tail++ & 3) * Ring.COMPLETION, each);
        }
        rings.set(JAVA_INT, offset(TAIL), tail);
    }

    private void takeAndThrow(long data, int result, int flags) {
        taken.add(data);
        throw new IllegalStateException("deliberate");
    }

    /** Else the kernel never gets the places back, if the completion was the last one. */
    @Test
    void theKernelGetsThePlaceOfACompletionWhoseHandlerThrows() {
        complete(1, 2, 3);
        for (int i = 1; i <= 3; i++) {
            assertThrows(IllegalStateException.class, () -> ring.take(this::takeAndThrow));
            assertEquals(i, ring.file().rings.get(JAVA_INT, offset(HEAD)));
        }
        ring.take(this::takeAndThrow);
        assertEquals(List.of(1L, 2L, 3L), taken);
    }
}
