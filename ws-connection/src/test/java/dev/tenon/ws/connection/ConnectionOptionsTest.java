package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ConnectionOptionsTest {
    private static final ConnectionOptions DEFAULT = ConnectionOptions.DEFAULT;

    private static void changes(Map<String, Object> expected, ConnectionOptions changed) throws Exception {
        Map<String, Object> changes = new TreeMap<>();
        for (RecordComponent component : ConnectionOptions.class.getRecordComponents()) {
            Object value = component.getAccessor().invoke(changed);
            if (!value.equals(component.getAccessor().invoke(DEFAULT))) {
                changes.put(component.getName(), value);
            }
        }
        assertEquals(new TreeMap<>(expected), changes);
    }

    @Test
    void eachMethodChangesOneOptionOnly() throws Exception {
        Duration second = Duration.ofSeconds(1);
        Duration two = Duration.ofSeconds(2);
        changes(Map.of("maxMessageLength", 7L), DEFAULT.withMaxMessageLength(7));
        changes(Map.of("highWaterMark", 7L, "outboundLimit", 8L), DEFAULT.withOutbound(7, 8));
        changes(Map.of("fragmentLength", 7), DEFAULT.withFragmentLength(7));
        changes(Map.of("controlFrameBurst", 7, "controlFramesPerSecond", 8), DEFAULT.withControlFrames(7, 8));
        changes(Map.of("closeTimeout", second), DEFAULT.withCloseTimeout(second));
        changes(Map.of("drainTimeout", second), DEFAULT.withDrainTimeout(second));
        changes(Map.of("pingInterval", second, "pongTimeout", two), DEFAULT.withKeepalive(second, two));
        changes(Map.of("writeTimeout", second), DEFAULT.withWriteTimeout(second));
        changes(
                Map.of("messageProgressTimeout", second, "messageTimeout", two),
                DEFAULT.withMessageTimeout(second, two));
        changes(Map.of("idleTimeout", second), DEFAULT.withIdleTimeout(second));
    }

    @Test
    void anOptionOutOfRangeIsNamed() {
        IllegalArgumentException thrown =
                assertThrows(IllegalArgumentException.class, () -> DEFAULT.withFragmentLength(0));
        assertEquals("fragmentLength must be at least 1, not 0", thrown.getMessage());
    }
}
