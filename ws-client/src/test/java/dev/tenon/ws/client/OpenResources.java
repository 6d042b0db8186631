package dev.tenon.ws.client;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The open descriptors and running threads of this process. */
final class OpenResources {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private OpenResources() {}

    static long descriptors() throws Exception {
        assumeTrue(Files.isDirectory(DESCRIPTORS), "there is no /proc/self/fd here: descriptors are not counted");
        try (Stream<Path> open = Files.list(DESCRIPTORS)) {
            return open.count();
        }
    }

    /** Returns the number of live client threads. */
    static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("tenon-"))
                .count();
    }

    /** Waits until other threads have made a condition true. */
    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - end < 0, what);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    static void awaitDescriptors(long most) throws InterruptedException {
        await("descriptors are left open: more than " + most, () -> {
            try {
                return descriptors() <= most;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    static void awaitThreads(long most) throws InterruptedException {
        await("threads are left: more than " + most, () -> threads() <= most);
    }
}
