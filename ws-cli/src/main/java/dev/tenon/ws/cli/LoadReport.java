package dev.tenon.ws.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a benchmark has found.
 *
 * @param uri the server
 * @param load what was done
 * @param connecting how long it took to connect all connections
 * @param counted how long messages were counted
 * @param counters what was seen
 */
record LoadReport(String uri, Load load, Duration connecting, Duration counted, LoadCounters counters) {
    private static final double[] PARTS = {0.5, 0.9, 0.99, 0.999};

    double messagesPerSecond() {
        return counters.latencies().count() / (counted.toNanos() / 1e9);
    }

    /** What is wrong with the result, in lines; empty if nothing is. */
    List<String> faults(@Nullable Double maxP99Millis, @Nullable Double minRate) {
        List<String> faults = new ArrayList<>();
        if (counters.lostCount() > 0) {
            faults.add(counters.lostCount() + " connections have ended, the first with " + counters.firstLoss());
        }
        if (counters.wrongCount() > 0) {
            faults.add(counters.wrongCount() + " messages are not what was sent: the server does not echo");
        }
        if (counters.latencies().count() == 0) {
            faults.add("no message has come back: the server does not echo");
        }
        double p99 = millis(0.99);
        if (maxP99Millis != null && p99 > maxP99Millis) {
            faults.add(format("p99 is %.2f ms, above --max-p99 %.2f", p99, maxP99Millis));
        }
        if (minRate != null && messagesPerSecond() < minRate) {
            faults.add(format("%.0f messages a second, below --min-rate %.0f", messagesPerSecond(), minRate));
        }
        return faults;
    }

    private double millis(double part) {
        return counters.latencies().percentile(part) / 1e6;
    }

    /** One line for the second that ends now. */
    static String progress(int second, Latencies latencies) {
        return format(
                "%4d s %,12d messages   p50 %.2f ms   p99 %.2f ms",
                second, latencies.count(), latencies.percentile(0.5) / 1e6, latencies.percentile(0.99) / 1e6);
    }

    String text() {
        double rate = messagesPerSecond();
        return format("%s: %s%n", uri, load)
                + format("connected   in %.2f s%n", connecting.toNanos() / 1e9)
                + format(
                        "messages    %,d, %,.0f a second%n",
                        counters.latencies().count(), rate)
                + format("payload     %,.2f MB/s each way%n", rate * load.size() / 1e6)
                + format(
                        "latency     p50 %.2f   p90 %.2f   p99 %.2f   p99.9 %.2f   max %.2f ms%n",
                        millis(PARTS[0]), millis(PARTS[1]), millis(PARTS[2]), millis(PARTS[3]), max())
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
                .put("bytes", load.size())
                .put("rate", load.rate())
                .put("depth", load.depth())
                .put("connectSeconds", connecting.toNanos() / 1e9)
                .put("seconds", counted.toNanos() / 1e9)
                .put("messages", counters.latencies().count())
                .put("messagesPerSecond", messagesPerSecond());
        for (double part : PARTS) {
            json.put("p" + String.valueOf(part * 100).replaceFirst("\\.0$", "") + "Millis", millis(part));
        }
        return json.put("maxMillis", max())
                .put("notSent", counters.refusedCount())
                .put("faults", faults)
                .toString();
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
