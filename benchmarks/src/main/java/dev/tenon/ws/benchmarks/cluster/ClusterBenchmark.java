package dev.tenon.ws.benchmarks.cluster;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * Measures one cluster that is running: {@code ClusterBenchmark NAME DIALECT CLIENTS_PER_NODE SECONDS IN_FLIGHT,... URL,...
 * NODE_PID,... BROKER_PID,...}; "-" for no broker. {@code benchmarks/cluster/run} starts the clusters and calls it for each.
 */
public final class ClusterBenchmark {
    private static final int HALF = 2;
    private static final int WARM_SECONDS = 30;
    /** A rate at which no message waits for another. */
    private static final double ALONE_PER_SECOND = 10;

    private final String name;
    private final Crowd crowd;
    private final int clients;
    private final int seconds;
    private final List<List<String>> processes;

    private ClusterBenchmark(String name, Crowd crowd, int clients, int seconds, List<List<String>> processes) {
        this.name = name;
        this.crowd = crowd;
        this.clients = clients;
        this.seconds = seconds;
        this.processes = processes;
    }

    /** Prints rows of the table in benchmarks/README.md, one for each number of messages in flight. */
    public static void main(String[] args) throws Exception {
        int perServer = Integer.parseInt(args[2]);
        int seconds = Integer.parseInt(args[3]);
        List<String> servers = List.of(args[5].split(","));
        List<String> broker = args[7].equals("-") ? List.of() : List.of(args[7].split(","));
        List<String> clients = List.of(Long.toString(ProcessHandle.current().pid()));
        List<List<String>> processes = List.of(List.of(args[6].split(",")), broker, clients);
        try (Crowd crowd = new Crowd(Dialect.valueOf(args[1]), servers, perServer)) {
            ClusterBenchmark benchmark =
                    new ClusterBenchmark(args[0], crowd, servers.size() * perServer, seconds, processes);
            for (String inFlight : List.of(args[4].split(","))) {
                benchmark.measure(Integer.parseInt(inFlight));
            }
        }
        System.exit(0);
    }

    private void measure(int inFlight) throws IOException {
        crowd.saturate(WARM_SECONDS, inFlight); // warm-up of all processes, and of their JIT compilers
        long deliveriesBefore = crowd.deliveries();
        double[] before = cpuSeconds(processes);
        long start = System.nanoTime();
        crowd.saturate(seconds, inFlight);
        double elapsed = (System.nanoTime() - start) / 1e9;
        double deliveries = crowd.deliveries() - deliveriesBefore;
        double[] cores = cpuSeconds(processes);
        for (int i = 0; i < cores.length; i++) {
            cores[i] = (cores[i] - before[i]) / elapsed;
        }
        double rate = deliveries / elapsed / clients / HALF;
        LatencyCounts half = crowd.pace(seconds, rate);
        LatencyCounts alone = crowd.pace(seconds, ALONE_PER_SECOND);
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %,.0f | %,.0f | %.2f + %.2f + %.2f | %,.0f | %s | %s |%n",
                name,
                inFlight,
                deliveries / elapsed,
                deliveries / elapsed / (cores[0] + cores[1]),
                cores[0],
                cores[1],
                cores[2],
                rate,
                percentiles(half),
                percentiles(alone));
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
