package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs {@link DescriptorShortage} in a process of its own, which has few descriptors. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ShortageTest {
    @Test
    void withoutDescriptorsAcceptingFailsAndLaterGoesOn() throws Exception {
        SelectorProvider unused = Kernel.provider();
        String output =
                Child.run("ulimit -n 100", List.of("--enable-native-access=ALL-UNNAMED"), DescriptorShortage.class);
        assertEquals("told: Too many open files\nthen accepted: true\n", output);
    }
}
