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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts any echo server under load. */
@Command(
        name = "bench",
        description = "Sends messages to a server that echoes, and tells how many came back and how long they took."
                + " Exit code 1 if a connection ended, an echo was wrong or a threshold was missed.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // set by picocli
final class BenchCommand implements Callable<Integer> {
    private static final int MOST_CONNECTIONS = 100_000;
    private static final int CONNECTS_AT_A_TIME = 64;

    /** As fast as answers come, or at a rate. */
    static final class Pace {
        @Option(
                names = "--depth",
                paramLabel = "N",
                description = "Messages under way on each connection (default: 1).")
        @Nullable
        Integer depth;

        @Option(
                names = "--rate",
                paramLabel = "N",
                description = "Messages a second in all, whether answers come or not. Latency then counts from when a"
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
            defaultValue = "125",
            description = "Bytes of a message (default: ${DEFAULT-VALUE}).")
    private ByteSize size;

    @Option(names = "--text", description = "Send text, not binary messages.")
    private boolean text;

    @Option(
            names = {"-d", "--duration"},
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How long to count (default: ${DEFAULT-VALUE}).")
    private double duration;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description = "How long to run before (default: ${DEFAULT-VALUE}).")
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

    @Option(names = "--max-p99", paramLabel = "MS", description = "Exit with 1 if the 99th percentile is higher.")
    private @Nullable Double maxP99;

    @Option(names = "--min-rate", paramLabel = "N", description = "Exit with 1 if fewer messages a second come back.")
    private @Nullable Double minRate;

    @Option(names = "--json", description = "Print the result as one object of JSON.")
    private boolean json;

    @Option(names = "--insecure", description = "Trust any certificate, for any host.")
    private boolean insecure;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Load load = load();
        ConnectRequest request = request();
        LoadReport report;
        try (WebSocketClient client = client()) {
            report = new LoadRun(load, System.err::println).run(client, request);
        }
        List<String> faults = report.faults(maxP99, minRate);
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
        return new Load(connections, depth, rate, (int) size.bytes(), text, seconds(warmUp), seconds(duration));
    }

    private static void require(boolean condition, String rule) {
        if (!condition) {
            throw Problem.usage(rule);
        }
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1_000));
    }

    private ConnectRequest request() {
        try {
            return ConnectRequest.to(uri);
        } catch (IllegalArgumentException e) {
            throw Problem.usage(String.valueOf(e.getMessage()));
        }
    }

    private WebSocketClient client() throws IOException {
        long longest = Math.max(1 << 20, size.bytes());
        long waiting = Math.max(1 << 20, size.bytes() * (pace == null || pace.depth == null ? 4 : pace.depth + 1));
        WebSocketClient.Builder builder = WebSocketClient.builder()
                .loops(loops)
                .connectsPerHost(CONNECTS_AT_A_TIME)
                .maxConnecting(CONNECTS_AT_A_TIME)
                .timeout(Duration.ofMinutes(5))
                .options(ConnectionOptions.DEFAULT.withMaxMessageLength(longest).withOutbound(waiting, 2 * waiting));
        if (deflate == OnOff.OFF) {
            builder.extensions(Extensions.none());
        }
        if (insecure) {
            builder.tls(InsecureTrustManager.tls(InsecureTrustManager.context()));
        }
        return builder.build();
    }
}
