package dev.tenon.ws.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The required results of a benchmark; a missed one makes the exit code 1. */
final class Thresholds {
    @Option(names = "--max-p50", paramLabel = "MS", description = "Exit with 1 if half of the messages take longer.")
    private @Nullable Double maxP50;

    @Option(names = "--max-p99", paramLabel = "MS", description = "Exit with 1 if the 99th percentile is higher.")
    private @Nullable Double maxP99;

    @Option(names = "--max-p999", paramLabel = "MS", description = "Exit with 1 if the 99.9th percentile is higher.")
    private @Nullable Double maxP999;

    @Option(names = "--min-rate", paramLabel = "N", description = "Exit with 1 if fewer messages a second come back.")
    private @Nullable Double minRate;

    /** Returns one line for each threshold that a result misses. With a threshold, all messages must have been sent. */
    List<String> missedBy(LoadReport report) {
        List<String> missed = new ArrayList<>();
        long notSent = report.counters().refusedCount();
        if (isAnySet() && notSent > 0) {
            missed.add(notSent + " messages were not sent, because too much waited: the server is too slow for --rate");
        }
        latency(missed, "p50", report.millis(0.5), maxP50);
        latency(missed, "p99", report.millis(0.99), maxP99);
        latency(missed, "p99.9", report.millis(0.999), maxP999);
        if (minRate != null && report.messagesPerSecond() < minRate) {
            missed.add(String.format(
                    Locale.ROOT, "%.0f messages a second, below --min-rate %.0f", report.messagesPerSecond(), minRate));
        }
        return missed;
    }

    private boolean isAnySet() {
        return Stream.of(maxP50, maxP99, maxP999, minRate).anyMatch(Objects::nonNull);
    }

    private static void latency(List<String> missed, String name, double millis, @Nullable Double max) {
        if (max != null && millis > max) {
            missed.add(String.format(
                    Locale.ROOT, "%s is %.2f ms, above --max-%s %.2f", name, millis, name.replace(".", ""), max));
        }
    }
}
