package dev.tenon.ws.conformance.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The resources that this process holds, after a full garbage collection.
 *
 * @param heap bytes of live objects
 * @param direct bytes of direct buffers
 * @param natives zlib streams
 * @param threads threads of servers and clients
 * @param descriptors open files and sockets
 */
record Figures(long heap, long direct, long natives, long threads, long descriptors) {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    static Figures read() throws IOException, JMException {
        histogram(); // a thread of its own cleans up what this collects
        String live = histogram();
        return new Figures(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                        .filter(pool -> pool.getName().equals("direct"))
                        .mapToLong(BufferPoolMXBean::getMemoryUsed)
                        .sum(),
                live.lines()
                        .filter(line -> line.contains("java.util.zip.") && line.contains("ZStreamRef"))
                        .mapToLong(line -> Long.parseLong(line.strip().split("\\s+", 4)[1]))
                        .sum(),
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("tenon-")
                                && !thread.getName()
                                        .equals("tenon-tls-handshake")) // these threads end when they have been idle
                        .count(),
                openDescriptors());
    }

    /** Returns the figures as soon as they are within the bound, or after some seconds. */
    static Figures settled(Figures bound) throws IOException, JMException, InterruptedException {
        Figures now = read();
        for (int i = 0; i < 40 && !now.within(bound); i++) {
            TimeUnit.MILLISECONDS.sleep(100);
            now = read();
        }
        return now;
    }

    static long openDescriptors() throws IOException {
        assumeTrue(Files.isDirectory(DESCRIPTORS), "NOT TESTED: there is no " + DESCRIPTORS + " here to count by");
        try (Stream<Path> open = Files.list(DESCRIPTORS)) {
            return open.count();
        }
    }

    /** Returns these figures plus the given amount of each. */
    Figures plus(long moreHeap, long moreDirect, long moreNatives, long moreThreads, long moreDescriptors) {
        return new Figures(
                heap + moreHeap,
                direct + moreDirect,
                natives + moreNatives,
                threads + moreThreads,
                descriptors + moreDescriptors);
    }

    boolean within(Figures bound) {
        return Stream.of(
                        heap <= bound.heap,
                        direct <= bound.direct,
                        natives <= bound.natives,
                        threads <= bound.threads,
                        descriptors <= bound.descriptors)
                .allMatch(holds -> holds);
    }

    /** Returns the live objects by class; collects garbage before it counts. */
    private static String histogram() throws JMException {
        return (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
    }

    @Override
    public String toString() {
        return "heap %,d, direct %,d, zlib streams %d, threads %d, descriptors %d"
                .formatted(heap, direct, natives, threads, descriptors);
    }
}
