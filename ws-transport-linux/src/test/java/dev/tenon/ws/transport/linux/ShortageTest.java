package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a process does that lacks descriptors or memory. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ShortageTest {
    /** The locale is C. */
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

    @Test
    void bytesThatASocketDoesNotTakeNeedNoMemoryThatOthersCanExhaust() throws Exception {
        SelectorProvider unused = Kernel.provider();
        String output = Child.run(
                "true",
                List.of("--enable-native-access=ALL-UNNAMED", "-XX:MaxDirectMemorySize=16m"),
                MemoryShortage.class);
        assertEquals("""
                pieces of memory: true
                descriptors left: 0
                """ + """
                the other one writes: 1
                pieces of memory: true
                the other peer reads: 7
                all bytes arrive: true
                """.repeat(2), output);
    }
}
