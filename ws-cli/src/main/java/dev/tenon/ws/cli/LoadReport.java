package dev.tenon.ws.cli;

import dev.tenon.ws.connection.CloseEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The result of a benchmark.
 *
 * @param uri the server
 * @param load the load
 * @param connecting the time until all connections were open
 * @param counted the time of the measurement
 * @param counters the counters
 * @param seconds each second of it
 */
record LoadReport(
        String uri, Load load, Duration connecting, Duration counted, LoadCounters counters, List<Second> seconds) {
    private static final double[] PARTS = {0.5, 0.9, 0.99, 0.999};

    /** The number and latency of the messages that returned in a second. */
    record Second(long messages, double p50Millis, double p99Millis) {
        static Second of(Latencies latencies) {
            return new Second(latencies.count(), latencies.percentile(0.5) / 1e6, latencies.percentile(0.99) / 1e6);
        }

        @Override
        public String toString() {
            return format("%,12d messages   p50 %.2f ms   p99 %.2f ms", messages, p50Millis, p99Millis);
        }
    }

    double messagesPerSecond() {
        return counters.echoedCount() / (counted.toNanos() / 1e9);
    }

    /** The faults of the result, one per line; empty if there are none. */
    List<String> faults(Thresholds thresholds) {
        List<String> faults = new ArrayList<>();
        CloseEvent first = counters.firstLoss();
        if (first != null) {
            long lost = counters.lostCount();
            faults.add((lost == 1 ? "1 connection has ended: " : lost + " connections have ended, the first: ")
                    + TextOutput.line(first));
        }
        if (counters.wrongCount() > 0) {
            faults.add(counters.wrongCount() + " messages are not what was sent: the server does not echo");
        }
        if (counters.echoedCount() == 0) {
            faults.add("no message was echoed"
                    + (first == null ? ": the server is no echo server, or slower than this time" : ""));
        }
        faults.addAll(thresholds.missedBy(this));
        return faults;
    }

    /** A percentile of the latency, in milliseconds. The age of a message that has not come back counts as its latency. */
    double millis(double part) {
        return counters.latencies().percentile(part) / 1e6;
    }

    String text() {
        double rate = messagesPerSecond();
        return format("%s: %s%n", uri, load)
                + format("connected   in %.2f s%n", connecting.toNanos() / 1e9)
                + format("messages    %,d, %,.0f a second%n", counters.echoedCount(), rate)
                + format("payload     %,.2f MB/s each way%n", rate * load.averageSize() / 1e6)
                + format(
                        "latency     p50 %.2f   p90 %.2f   p99 %.2f   p99.9 %.2f   max %.2f ms%n",
                        millis(PARTS[0]), millis(PARTS[1]), millis(PARTS[2]), millis(PARTS[3]), max())
                + (counters.notReturnedCount() == 0
                        ? ""
                        : format("not back    %,d: counted with their age%n", counters.notReturnedCount()))
                + (counters.refusedCount() == 0
                        ? ""
                        : format("not sent    %,d: too much waited already%n", counters.refusedCount()));
    }

    private double max() {
        return counters.latencies().max() / 1e6;
    }

    String json(List<String> faults) {
        Json json = new Json()
                .put("uri", uri)
                .put("connections", load.connections())
                .put("bytes", load.averageSize())
                .put("rate", load.rate())
                .put("depth", load.depth())
                .put("connectSeconds", connecting.toNanos() / 1e9)
                .put("seconds", counted.toNanos() / 1e9)
                .put("messages", counters.echoedCount())
                .put("messagesPerSecond", messagesPerSecond());
        for (double part : PARTS) {
            json.put("p" + String.valueOf(part * 100).replaceFirst("\\.0$", "") + "Millis", millis(part));
        }
        return json.put("maxMillis", max())
                .put("notReturned", counters.notReturnedCount())
                .put("notSent", counters.refusedCount())
                .putAll(
                        "perSecond",
                        seconds.stream()
                                .map(second -> new Json()
                                        .put("messages", second.messages())
                                        .put("p50Millis", second.p50Millis())
                                        .put("p99Millis", second.p99Millis()))
                                .toList())
                .put("faults", faults)
                .toString();
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
