package dev.tenon.ws.benchmarks.cluster;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * Measures one cluster that is running: {@code ClusterBenchmark NAME DIALECT CLIENTS_PER_NODE SECONDS URL,... NODE_PID,...
 * BROKER_PID,...}; "-" for no broker. {@code benchmarks/cluster/run} starts the clusters and calls it for each.
 */
public final class ClusterBenchmark {
    private static final int IN_FLIGHT = 16;
    private static final int HALF = 2;
    private static final int WARM_SECONDS = 30;
    /** A rate at which no message waits for another. */
    private static final double ALONE_PER_SECOND = 10;

    private ClusterBenchmark() {}

    /** Prints a row of the table in benchmarks/README.md. */
    public static void main(String[] args) throws Exception {
        int seconds = Integer.parseInt(args[3]);
        List<String> servers = List.of(args[4].split(","));
        List<String> broker = args[6].equals("-") ? List.of() : List.of(args[6].split(","));
        List<String> clients = List.of(Long.toString(ProcessHandle.current().pid()));
        List<List<String>> processes = List.of(List.of(args[5].split(",")), broker, clients);
        try (Crowd crowd = new Crowd(Dialect.valueOf(args[1]), servers, Integer.parseInt(args[2]))) {
            crowd.saturate(WARM_SECONDS, IN_FLIGHT); // warm-up of all processes, and of their JIT compilers
            long deliveriesBefore = crowd.deliveries();
            double[] before = cpuSeconds(processes);
            long start = System.nanoTime();
            crowd.saturate(seconds, IN_FLIGHT);
            double elapsed = (System.nanoTime() - start) / 1e9;
            double deliveries = crowd.deliveries() - deliveriesBefore;
            double[] cores = cpuSeconds(processes);
            for (int i = 0; i < cores.length; i++) {
                cores[i] = (cores[i] - before[i]) / elapsed;
            }
            double rate = deliveries / elapsed / servers.size() / Integer.parseInt(args[2]) / HALF;
            LatencyCounts half = crowd.pace(seconds, rate);
            LatencyCounts alone = crowd.pace(seconds, ALONE_PER_SECOND);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %,.0f | %,.0f | %.2f + %.2f + %.2f | %,.0f | %s | %s |%n",
                    args[0],
                    deliveries / elapsed,
                    deliveries / elapsed / (cores[0] + cores[1]),
                    cores[0],
                    cores[1],
                    cores[2],
                    rate,
                    percentiles(half),
                    percentiles(alone));
        }
        System.exit(0);
    }

    private static double[] cpuSeconds(List<List<String>> processes) throws IOException {
        double[] seconds = new double[processes.size()];
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] = CpuTime.seconds(processes.get(i));
        }
        return seconds;
    }

    private static String percentiles(LatencyCounts counts) {
        return String.format(
                Locale.ROOT,
                "%.2f; %.2f; %.2f",
                counts.percentile(0.01),
                counts.percentile(0.5),
                counts.percentile(0.99));
    }
}
