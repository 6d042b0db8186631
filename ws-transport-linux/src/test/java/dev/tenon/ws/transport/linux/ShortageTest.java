package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs {@link Shortage} in a process of its own, which has few descriptors and little memory, and whose locale is C. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ShortageTest {
    @Test
    void aShortageEndsNothingAndNothingIsKept() throws Exception {
        SelectorProvider unused = Kernel.provider();
        String output = Child.run(
                "ulimit -n 100 && export LC_ALL=C",
                List.of("--enable-native-access=ALL-UNNAMED", "-XX:MaxDirectMemorySize=16m"),
                Shortage.class);
        assertEquals("""
                told: Too many open files
                then accepted: true
                rejected: 200
                strange name: 00
                failures of threads: 0
                """, output);
    }
}
