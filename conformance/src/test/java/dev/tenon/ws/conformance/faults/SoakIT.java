package dev.tenon.ws.conformance.faults;

import dev.tenon.keys.TestKey;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs a {@link Soak} of half a minute in every build; {@code -Dsoak.minutes=10} makes it longer, {@code -Dsoak.seed}
 * repeats one.
 */
@Tag("once")
class SoakIT {
    @Test
    void nothingIsWrongAndNothingGrows(@TempDir Path folder) throws Exception {
        int minutes = Integer.getInteger("soak.minutes", 0);
        long seed = Long.getLong("soak.seed", System.nanoTime());
        TestKey key = TestKey.make(folder, "tenon.example");
        try (FaultProcess server = new FaultProcess(folder, key, 0)) {
            Soak.run(server, key, minutes == 0 ? Duration.ofSeconds(30) : Duration.ofMinutes(minutes), seed);
        }
    }
}
