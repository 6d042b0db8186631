package dev.tenon.ws.benchmarks.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The CPU time of some processes, from Linux's {@code /proc}. */
final class CpuTime {
    /** The index of the user time in {@code /proc/PID/stat}, after the name; the system time follows. In ticks. */
    private static final int USER = 11;

    private static final double TICKS_PER_SECOND = 100;

    private CpuTime() {}

    static double seconds(List<String> processes) throws IOException {
        double ticks = 0;
        for (String process : processes) {
            String stat = Files.readString(Path.of("/proc", process, "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            ticks += Long.parseLong(fields[USER]) + Long.parseLong(fields[USER + 1]);
        }
        return ticks / TICKS_PER_SECOND;
    }
}
