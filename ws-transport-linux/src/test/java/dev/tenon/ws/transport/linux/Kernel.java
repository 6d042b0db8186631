package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.util.Objects;
import java.util.Optional;

/** The services of the system that the tests need. */
final class Kernel {
    private Kernel() {}

    /** Returns the provider over io_uring; if the kernel forbids it, skips the test with a message. */
    static SelectorProvider provider() {
        assumeTrue(isUsable(), () -> IoUring.unavailable().orElse(""));
        return IoUring.required();
    }

    /** Whether io_uring can be used. Fails if the kernel allows it and this module does not get it to work. */
    static boolean isUsable() {
        Optional<String> reason = IoUring.unavailable();
        assertFalse(reason.isPresent() && opensSelectors(), () -> reason.orElse(""));
        return reason.isEmpty();
    }

    private static boolean opensSelectors() {
        try {
            new UringProvider().openSelector().close();
            return true;
        } catch (IOException | RuntimeException | LinkageError forbidden) {
            return false;
        }
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
