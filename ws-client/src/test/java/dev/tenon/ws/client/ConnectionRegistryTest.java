package dev.tenon.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionRegistryTest {
    /** An Error can come from anywhere, also from a stage of a connect's future. */
    @Test
    void anEntryThatThrowsHidesTheEndOfTheLoopFromNoOther() {
        ConnectionRegistry registry = new ConnectionRegistry();
        List<String> told = new ArrayList<>();
        for (String name : List.of("first", "second", "third")) {
            assertTrue(registry.register(new ConnectionRegistry.Entry() {
                @Override
                public void clientClosed() {}

                @Override
                public void loopEnded() {
                    told.add(name);
                    throw new LinkageError("on purpose");
                }
            }));
        }
        registry.loopEnded();
        assertEquals(List.of("first", "second", "third"), told);
    }
}
