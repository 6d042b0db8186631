package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionExecutorTest {
    private final ConnectionExecutor executor = ConnectionExecutor.direct();
    private final List<String> ran = new ArrayList<>();

    @Test
    void aTaskRunsAtOnceOnTheCallersThread() {
        assertTrue(executor.isCurrentThread());
        executor.execute(() -> ran.add("one"));
        assertEquals(List.of("one"), ran);
    }

    @Test
    void aTaskAddedByATaskRunsAfterIt() {
        executor.execute(() -> {
            executor.execute(() -> ran.add("second"));
            ran.add("first");
        });
        assertEquals(List.of("first", "second"), ran);
    }

    @Test
    void aTaskThatThrowsStopsNoLaterOne() {
        assertThrows(
                IllegalStateException.class,
                () -> executor.execute(() -> {
                    throw new IllegalStateException("broken");
                }));
        executor.execute(() -> ran.add("next"));
        assertEquals(List.of("next"), ran);
    }
}
