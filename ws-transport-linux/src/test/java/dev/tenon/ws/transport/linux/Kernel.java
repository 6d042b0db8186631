package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.util.Objects;

/** The services of the system that the tests need. */
final class Kernel {
    private Kernel() {}

    /** Returns the provider over io_uring; if the kernel forbids it, skips the test with a message. */
    static SelectorProvider provider() {
        assumeTrue(IoUring.unavailable().isEmpty(), () -> IoUring.unavailable().orElse(""));
        return IoUring.required();
    }

    /** Returns the number of open sockets and rings of this process. */
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
