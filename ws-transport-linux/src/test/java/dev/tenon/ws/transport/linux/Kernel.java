package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.util.Objects;

/** What the tests need of the system. */
final class Kernel {
    private Kernel() {}

    /** The provider over io_uring; where the kernel forbids it, the test is skipped and says why. */
    static SelectorProvider provider() {
        assumeTrue(IoUring.unavailable().isEmpty(), () -> IoUring.unavailable().orElse(""));
        return IoUring.required();
    }

    /** How many sockets and rings this process has open. */
    static long descriptors() {
        File[] all = Objects.requireNonNull(new File("/proc/self/fd").listFiles());
        long count = 0;
        for (File each : all) {
            String target = target(each);
            if (target.startsWith("socket:") || target.startsWith("anon_inode:")) {
                count++;
            }
        }
        return count;
    }

    private static String target(File descriptor) {
        try {
            return Files.readSymbolicLink(descriptor.toPath()).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }
}
