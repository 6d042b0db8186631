package dev.tenon.ws.benchmarks.carriers;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Prints the CPU cost of a message on several servers as Markdown tables. All servers get the same load, in turn, round
 * after round; a cell is the median of the rounds.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed load is visible by its missing messages
public final class CarrierReport {
    private static final List<String> FLAGS = List.of(
            "-Xms1g",
            "-Xmx1g",
            "-XX:+UseParallelGC",
            "-Dio.netty.leakDetection.level=disabled",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=off");

    private record Workload(boolean http2, int size, int connections, int streams, int depth) {
        String words() {
            return (http2 ? "HTTP/2" : "HTTP/1.1") + ", " + size + " B, " + connections + (http2 ? " × " + streams : "")
                    + " WebSockets, " + depth + " in flight";
        }
    }

    private record Sample(double micros, double perSecond) {}

    private final Options options;
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    private CarrierReport(Options options) {
        this.options = options;
    }

    /**
     * Measures and prints.
     *
     * @param arguments see {@link Options}
     * @throws Exception if a server cannot be started or does not respond
     */
    public static void main(String[] arguments) throws Exception {
        CarrierReport report = new CarrierReport(Options.parse(arguments));
        try {
            if (report.options.memory() > 0) {
                new MemoryReport(report.options, report.loops).print();
            } else {
                report.print();
            }
        } finally {
            report.loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
    }

    private void print() throws Exception {
        List<String> servers = options.servers();
        List<String> names = servers.stream().map(Options::shortName).toList();
        System.out.println("| µs of server CPU a message" + (options.tls() ? ", TLS" : "") + " | "
                + String.join(" | ", names) + " | "
                + ratios(names).stream().map(each -> "× " + each).collect(Collectors.joining(" | ")) + " |");
        System.out.println(
                "|---" + "|---:".repeat(servers.size() + ratios(servers).size()) + "|");
        for (Workload workload : workloads()) {
            Map<String, Sample> medians = measure(workload);
            StringBuilder row = new StringBuilder("| " + workload.words());
            servers.forEach(server -> row.append(" | ").append(words(medians.get(server))));
            double ours = medians.get(servers.get(servers.size() - 1)).micros();
            ratios(servers)
                    .forEach(server -> row.append(String.format(
                            Locale.ROOT, " | %.2f", ours / medians.get(server).micros())));
            System.out.println(row + " |");
        }
    }

    /** Compares the last server with all others. */
    private static List<String> ratios(List<String> servers) {
        return servers.subList(0, servers.size() - 1);
    }

    private static String words(Sample sample) {
        return String.format(Locale.ROOT, "%.3f (%,.0f/s)", sample.micros(), sample.perSecond());
    }

    private List<Workload> workloads() {
        List<Workload> all = new ArrayList<>();
        for (boolean http2 : options.carriers()) {
            for (int size : options.sizes()) {
                int depth = options.depth() > 0 ? options.depth() : size < 1000 ? 64 : 16;
                all.add(new Workload(http2, size, http2 ? 4 : 16, 4, depth));
            }
        }
        return all;
    }

    private Map<String, Sample> measure(Workload workload) throws Exception {
        Map<String, List<Sample>> samples = new LinkedHashMap<>();
        Map<String, ServerUnderLoad> servers = new LinkedHashMap<>();
        Map<String, Load> loads = new LinkedHashMap<>();
        try {
            for (String name : options.servers()) {
                ServerUnderLoad server =
                        new ServerUnderLoad(name, workload.http2(), options.pem(), options.prefix(), FLAGS);
                servers.put(name, server);
                loads.put(name, load(workload, server));
                samples.put(name, new ArrayList<>());
                sample(server, loads.get(name), options.warmSeconds());
            }
            List<String> order = new ArrayList<>(options.servers());
            for (int round = 0; round < options.rounds(); round++) {
                for (String name : order) {
                    samples.get(name).add(sample(servers.get(name), loads.get(name), options.seconds()));
                }
                Collections.rotate(order, 1);
            }
        } finally {
            loads.values().forEach(Load::close);
            for (ServerUnderLoad server : servers.values()) {
                server.close();
            }
        }
        Map<String, Sample> medians = new LinkedHashMap<>();
        samples.forEach((name, all) -> medians.put(name, median(all)));
        return medians;
    }

    private Load load(Workload workload, ServerUnderLoad server) throws InterruptedException, IOException {
        return new Load(
                loops,
                server.port,
                client(options, workload.http2()),
                workload.connections(),
                workload.http2() ? workload.streams() : 0,
                workload.size(),
                workload.depth());
    }

    static @Nullable SslContext client(Options options, boolean http2) throws IOException {
        return options.tls() ? Tls.client(options.pem(), http2) : null;
    }

    private static Sample sample(ServerUnderLoad server, Load load, double seconds) throws InterruptedException {
        load.start();
        long messages = load.messages();
        long begin = System.nanoTime();
        long cpu = server.cpu().toNanos();
        Thread.sleep((long) (seconds * 1000));
        cpu = server.cpu().toNanos() - cpu;
        long time = System.nanoTime() - begin;
        messages = load.messages() - messages;
        load.stop();
        return new Sample(cpu / 1e3 / messages, messages * 1e9 / time);
    }

    private static Sample median(List<Sample> samples) {
        double[] micros = samples.stream().mapToDouble(Sample::micros).sorted().toArray();
        double[] perSecond =
                samples.stream().mapToDouble(Sample::perSecond).sorted().toArray();
        System.err.println(Arrays.stream(micros)
                .mapToObj(each -> String.format(Locale.ROOT, "%.3f", each))
                .collect(Collectors.joining(" ")));
        return new Sample(micros[micros.length / 2], perSecond[perSecond.length / 2]);
    }
}
