package dev.tenon.ws.benchmarks.cluster;

import java.util.List;
import java.util.Locale;

/**
 * Measures one cluster that is running: {@code ClusterBenchmark NAME DIALECT CLIENTS_PER_NODE SECONDS URL,... NODE_PID,...
 * BROKER_PID,...}; "-" for no broker. {@code benchmarks/cluster/run} starts the clusters and calls it for each.
 */
public final class ClusterBenchmark {
    private static final int UNDER_WAY = 16;
    private static final int HALF = 2;

    private ClusterBenchmark() {}

    /** Prints a row of the table in benchmarks/README.md. */
    public static void main(String[] args) throws Exception {
        int seconds = Integer.parseInt(args[3]);
        List<String> servers = List.of(args[4].split(","));
        List<String> nodes = List.of(args[5].split(","));
        List<String> broker = args[6].equals("-") ? List.of() : List.of(args[6].split(","));
        try (Crowd crowd = new Crowd(Dialect.valueOf(args[1]), servers, Integer.parseInt(args[2]))) {
            crowd.saturate(seconds, UNDER_WAY); // warm-up of all processes
            long deliveriesBefore = crowd.deliveries();
            double nodesBefore = CpuTime.seconds(nodes);
            double brokerBefore = CpuTime.seconds(broker);
            long start = System.nanoTime();
            crowd.saturate(seconds, UNDER_WAY);
            double elapsed = (System.nanoTime() - start) / 1e9;
            double deliveries = crowd.deliveries() - deliveriesBefore;
            double nodeSeconds = CpuTime.seconds(nodes) - nodesBefore;
            double brokerSeconds = CpuTime.seconds(broker) - brokerBefore;
            double perMessage = (double) servers.size() * Integer.parseInt(args[2]);
            double rate = deliveries / elapsed / perMessage / HALF;
            LatencyCounts latencies = crowd.pace(seconds, rate);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %,.0f | %,.0f | %.2f + %.2f | %,.0f | %.2f | %.2f |%n",
                    args[0],
                    deliveries / elapsed,
                    deliveries / (nodeSeconds + brokerSeconds),
                    nodeSeconds / elapsed,
                    brokerSeconds / elapsed,
                    rate,
                    latencies.percentile(0.5),
                    latencies.percentile(0.99));
        }
        System.exit(0);
    }
}
