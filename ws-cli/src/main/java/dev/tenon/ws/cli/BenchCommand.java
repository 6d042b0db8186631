package dev.tenon.ws.cli;

import dev.tenon.ws.client.ConnectRequest;
import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.extension.Extensions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures the latency and throughput of any echo server. */
@Command(
        name = "bench",
        description = "Sends messages to an echo server and measures throughput and latency."
                + " The age of a message that has not come back at the end counts as its latency."
                + " Exit code 1 if a connection ended, an echo was wrong, a threshold was missed, or a message was not"
                + " sent because too much waited and there is a threshold.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // set by picocli
final class BenchCommand implements Callable<Integer> {
    private static final int MOST_CONNECTIONS = 100_000;
    private static final int CONNECTS_AT_A_TIME = 64;

    /** The load: a number of messages in flight, or a rate. */
    static final class Pace {
        @Option(
                names = "--depth",
                paramLabel = "N",
                description = "Messages in flight on each connection (default: 1).")
        @Nullable
        Integer depth;

        @Option(
                names = "--rate",
                paramLabel = "N",
                description =
                        "Messages per second of all connections, independent of replies. Latency then counts from when a"
                                + " message should have been sent.")
        @Nullable
        Integer rate;
    }

    @Parameters(paramLabel = "URI", description = "ws://host:port/path or wss://... of an echo.")
    private String uri;

    @Option(
            names = {"-c", "--connections"},
            paramLabel = "N",
            defaultValue = "100",
            description = "Connections (default: ${DEFAULT-VALUE}).")
    private int connections;

    @ArgGroup
    private @Nullable Pace pace;

    @Option(
            names = {"-s", "--size"},
            paramLabel = "SIZE",
            split = ",",
            defaultValue = "125",
            description =
                    "Bytes of a message (default: ${DEFAULT-VALUE}); several, such as 125,1KiB,64KiB, are sent in turn.")
    private List<ByteSize> sizes;

    @Option(names = "--text", description = "Send text, not binary messages.")
    private boolean text;

    @Option(
            names = {"-d", "--duration"},
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "Time of the measurement (default: ${DEFAULT-VALUE}).")
    private double duration;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description = "Time of the warm-up (default: ${DEFAULT-VALUE}).")
    private double warmUp;

    @Option(
            names = "--deflate",
            paramLabel = "on|off",
            defaultValue = "off",
            description = "Whether permessage-deflate is offered (default: ${DEFAULT-VALUE}).")
    private OnOff deflate;

    @Option(
            names = "--loops",
            paramLabel = "N",
            defaultValue = "1",
            description = "Event loops (default: ${DEFAULT-VALUE}).")
    private int loops;

    @Mixin
    private Thresholds thresholds;

    @Option(names = "--json", description = "Print the result as one object of JSON.")
    private boolean json;

    @Mixin
    private ClientOptions options;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Load load = load();
        ConnectRequest request = options.request(uri);
        LoadReport report;
        try (WebSocketClient client = client(load, request)) {
            report = new LoadRun(load, LoadProgress.onErrors(), options).run(client, request);
        }
        List<String> faults = report.faults(thresholds);
        System.out.print(json ? report.json(faults) + System.lineSeparator() : report.text());
        faults.forEach(System.err::println);
        return faults.isEmpty() ? 0 : Problem.FAILED;
    }

    private Load load() {
        int depth = pace == null || pace.depth == null ? 1 : pace.depth;
        int rate = pace == null || pace.rate == null ? 0 : pace.rate;
        require(connections >= 1 && connections <= MOST_CONNECTIONS, "--connections is 1 to " + MOST_CONNECTIONS);
        require(depth >= 1 && depth <= 10_000, "--depth is 1 to 10000");
        require(pace == null || pace.rate == null || rate >= 1, "--rate is 1 or more");
        require(loops >= 1, "--loops is 1 or more");
        require(duration >= 0.1 && duration <= 86_400, "--duration is 0.1 to 86400 seconds");
        require(warmUp >= 0 && warmUp <= 86_400, "--warm-up is 0 to 86400 seconds");
        List<Integer> bytes = sizes.stream().map(size -> (int) size.bytes()).toList();
        return new Load(connections, depth, rate, bytes, text, seconds(warmUp), seconds(duration));
    }

    private static void require(boolean condition, String rule) {
        if (!condition) {
            throw Problem.usage(rule);
        }
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1_000));
    }

    private WebSocketClient client(Load load, ConnectRequest request) throws IOException {
        long longest = Math.max(1 << 20, load.longest());
        long waiting = Math.max(1 << 20, (long) load.longest() * (load.rate() > 0 ? 4 : load.depth() + 1));
        WebSocketClient.Builder builder = WebSocketClient.builder()
                .loops(loops)
                .connectsPerHost(CONNECTS_AT_A_TIME)
                .maxConnecting(CONNECTS_AT_A_TIME)
                .timeout(Duration.ofMinutes(5))
                .options(ConnectionOptions.DEFAULT.withMaxMessageLength(longest).withOutbound(waiting, 2 * waiting));
        if (deflate == OnOff.OFF) {
            builder.extensions(Extensions.none());
        }
        options.applyTo(builder, request, new Timings());
        return builder.build();
    }
}
