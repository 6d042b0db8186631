package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The queues of changed and of ready keys: each key is handled once for each time that it was added. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KeyQueuesTest extends ScriptedKeyTestBase {
    private int handled;

    @Test
    void aChangedKeyIsUpdatedOnce() throws IOException {
        ChangedKeys changed = new ChangedKeys();
        for (int i = 1; i <= 4; i++) {
            changed.add(key);
            changed.add(key);
            changed.updateAll(each -> handled++);
            assertEquals(i, handled);
            assertTrue(changed.isEmpty());
        }
    }

    @Test
    void aKeyWhoseUpdateFailsStaysChanged() throws IOException {
        ChangedKeys changed = new ChangedKeys();
        changed.add(key);
        for (int i = 0; i < 3; i++) {
            assertThrows(
                    IOException.class,
                    () -> changed.updateAll(each -> {
                        throw new IOException("deliberate");
                    }));
            assertFalse(changed.isEmpty());
        }
        changed.updateAll(each -> handled++);
        assertEquals(1, handled);
    }

    @Test
    void aReadyKeyIsReportedOnce() throws IOException {
        ReadyKeys ready = new ReadyKeys();
        for (int i = 1; i <= 4; i++) {
            ready.add(key);
            ready.add(key);
            assertTrue(ready.handleAll(each -> ++handled > 0));
            assertEquals(i, handled);
            assertTrue(ready.isEmpty());
        }
    }

    /** The handler may have added the key itself before it throws. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aKeyWhoseReportFailsIsReportedAgain(boolean added) throws IOException {
        ReadyKeys ready = new ReadyKeys();
        ready.add(key);
        for (int i = 0; i < 3; i++) {
            assertThrows(
                    IOException.class,
                    () -> ready.handleAll(each -> {
                        if (added) {
                            ready.add(each);
                        }
                        throw new IOException("deliberate");
                    }));
            assertFalse(ready.isEmpty(), "the key is deaf");
        }
        assertTrue(ready.handleAll(each -> ++handled > 0));
        assertEquals(1, handled);
        assertTrue(ready.isEmpty());
    }
}
