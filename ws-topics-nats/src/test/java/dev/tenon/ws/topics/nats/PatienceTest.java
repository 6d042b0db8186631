package dev.tenon.ws.topics.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a task that is tried again and again counts as failed. */
class PatienceTest {
    private final List<IOException> reports = new ArrayList<>();
    private final Patience patience = new Patience(Duration.ofNanos(100), reports::add);
    private final IOException failure = new IOException("no response");

    @Test
    void itEndsOnceAfterItsTimeAndIsReportedOnce() {
        assertFalse(patience.isOverAfter(failure, -50));
        assertFalse(patience.isOverAfter(failure, 49));
        assertTrue(patience.isOverAfter(failure, 50));
        assertTrue(patience.isOverAfter(failure, 51));
        assertEquals(List.of(failure), reports);
    }

    @Test
    void aSuccessBeginsItAgain() {
        assertFalse(patience.isOverAfter(failure, 0));
        patience.begin();
        assertFalse(patience.isOverAfter(failure, 150));
        assertTrue(patience.isOverAfter(failure, 250));
        patience.begin();
        assertFalse(patience.isOverAfter(failure, 300));
        assertEquals(List.of(failure), reports);
    }

    @Test
    void whatOnlyAnOperatorCanChangeEndsItAtOnce() {
        IOException limits = new OtherLimitsException("the stream exists with other limits");
        assertTrue(patience.isOverAfter(limits, 0));
        assertTrue(patience.isOverAfter(limits, 1));
        assertEquals(List.of(limits), reports);
    }
}
