package dev.tenon.ws.cli;

import dev.tenon.ws.suite.Carrier;
import dev.tenon.ws.suite.Exclusions;
import dev.tenon.ws.suite.FuzzingServer;
import dev.tenon.ws.suite.Progress;
import dev.tenon.ws.suite.QuicTransport;
import dev.tenon.ws.suite.Report;
import dev.tenon.ws.suite.Selection;
import dev.tenon.ws.suite.Settings;
import dev.tenon.ws.suite.Side;
import dev.tenon.ws.suite.Verdict;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tests any echo server or client of any project with the conformance suite. */
@Command(
        name = "conformance",
        description =
                "Tests a server or a client that echoes, case by case, and writes a report. A client asks /case-count,"
                        + " connects to /run?case=N&agent=NAME for each case from 1 on and echoes, then to"
                        + " /report?agent=NAME. Exits with 1 if a case is failed or non-strict, with"
                        + " 2 if none can be played.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // set by picocli
final class ConformanceCommand implements Callable<Integer> {
    private static final long A_DAY = 86_400;

    /** The end under test. */
    static final class Peer {
        @Option(
                names = "--server",
                paramLabel = "[NAME=]URI",
                description =
                        "Test the echo server at ws://host:port/path or wss://...; with more than one, each needs its"
                                + " name, and the report shows them beside each other.")
        List<String> servers = List.of();

        @Option(
                names = "--listen",
                paramLabel = "PORT",
                description = "Test the client that connects to this port of 127.0.0.1 (0 for any), until its report.")
        @Nullable
        Integer port;
    }

    @ArgGroup(multiplicity = "1")
    private Peer peer;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            defaultValue = "conformance-report",
            description = "Folder for the report (default: ${DEFAULT-VALUE}).")
    private Path report;

    @Option(
            names = "--cases",
            paramLabel = "ID",
            description = "Run only these cases, such as 6.* or 7.9.1; repeatable.")
    private List<String> cases = List.of();

    @Option(names = "--fast", description = "Skip the cases that send megabytes.")
    private boolean fast;

    @Option(
            names = "--agent",
            paramLabel = "NAME",
            defaultValue = "server",
            description = "The server's name in the report, if it has none (default: ${DEFAULT-VALUE}).")
    private String agent;

    @Option(
            names = "--agents",
            paramLabel = "N",
            defaultValue = "1",
            description = "With --listen: how many clients ask for their report before this ends (default:"
                    + " ${DEFAULT-VALUE}).")
    private int agents;

    @Option(names = "--junit", paramLabel = "FILE", description = "Write the verdicts as JUnit does, too.")
    private @Nullable Path junit;

    @Option(
            names = "--exclude",
            paramLabel = "'ID REASON'|@FILE",
            description =
                    "Cases that may be failed or non-strict, such as '6.4.* checks UTF-8 at the end', or a file with"
                            + " one on each line; repeatable. They are played, and reported if no case needs them.")
    private List<String> excluded = List.of();

    @Option(
            names = "--keystore",
            paramLabel = "FILE",
            description = "With --listen: speak TLS with the key in this PKCS12 or JKS, whose password is in"
                    + " --password-file.")
    private @Nullable Path keystore;

    @Option(
            names = "--http2",
            description =
                    "Test in streams of HTTP/2 (RFC 8441), with additional cases for HTTP/2; without TLS the peers must"
                            + " speak HTTP/2 from the first byte.")
    private boolean http2;

    @Option(
            names = "--http3",
            description =
                    "Test in streams of HTTP/3 (RFC 9220), with additional cases for HTTP/3; a client needs --keystore.")
    private boolean http3;

    @Mixin
    private TlsOptions tls;

    @Option(
            names = "--early-timeout",
            paramLabel = "MILLIS",
            defaultValue = "1000",
            description = "Timeout for a failure that must come before more is sent (default: ${DEFAULT-VALUE}).")
    private int earlyTimeout;

    @Option(
            names = "--timeout",
            paramLabel = "MILLIS",
            defaultValue = "10000",
            description = "Timeout for everything else (default: ${DEFAULT-VALUE}).")
    private int timeout;

    @Option(
            names = "--max-message",
            paramLabel = "SIZE",
            defaultValue = "0",
            description = "Longest message that the peer accepts, if known.")
    private ByteSize maxMessage;

    @Option(
            names = "--max-fragments",
            paramLabel = "N",
            defaultValue = "0",
            description = "The greatest number of fragments that the peer accepts in a message, if known.")
    private int maxFragments;

    @Override
    public Integer call() throws InterruptedException {
        boolean testable = maxFragments >= 0 && maxFragments <= 1 << 20 && maxMessage.bytes() <= 16 << 20;
        if (earlyTimeout < 1 || timeout < 1 || !testable) {
            throw Problem.usage("--early-timeout and --timeout are positive, --max-fragments is 0 to 1048576,"
                    + " and --max-message is tested up to 16MiB");
        }
        if (agents < 1) {
            throw Problem.usage("--agents is 1 or more, not " + agents);
        }
        if (http3 && http2) {
            throw Problem.usage("--http2 and --http3 are two runs: leave one out");
        }
        if (http3 && peer.port != null && keystore == null) {
            throw Problem.usage("HTTP/3 has always TLS: --listen with --http3 needs --keystore and --password-file");
        }
        Settings settings = Settings.DEFAULT
                .withTimeouts(Duration.ofMillis(earlyTimeout), Duration.ofMillis(timeout))
                .withDeclared(maxMessage.bytes(), maxFragments)
                .withExclusions(exclusions());
        Selection selection = selection();
        List<Report> reports = peer.port == null
                ? ConformanceServer.parse(peer.servers, agent).stream()
                        .map(server -> server.test(settings, selection, carrier(), tls, new Shown()))
                        .toList()
                : clients(peer.port, settings, selection);
        return printResults(reports);
    }

    private Selection selection() {
        Selection selection = new Selection(cases, fast);
        List<String> unknown = selection.unknown(peer.port == null ? Side.SERVER : Side.CLIENT, carrier());
        if (!unknown.isEmpty()) {
            throw Problem.usage("--cases: there is no case '" + unknown.get(0) + "'" + (fast ? " with --fast" : ""));
        }
        return selection;
    }

    private Carrier carrier() {
        return http3 ? Carrier.HTTP_3 : http2 ? Carrier.HTTP_2 : Carrier.HTTP_1_1;
    }

    private Exclusions exclusions() {
        try {
            return Exclusions.parse(OptionFile.lines("--exclude", excluded));
        } catch (IllegalArgumentException e) {
            throw Problem.usage("--exclude: " + e.getMessage());
        }
    }

    /** Prints the defects of the peers, and returns the exit code. */
    private int printResults(List<Report> reports) {
        boolean several = reports.size() > 1;
        boolean isRed = false;
        write(reports);
        for (Report made : reports) {
            String name = several ? made.agent() + ": " : "";
            made.unneededExclusions().forEach(line -> System.err.println(name + "nothing needs the exclusion " + line));
            made.red().forEach(line -> System.out.println(name + line));
            System.out.println(name + made.summary());
            isRed |= !made.red().isEmpty();
        }
        return isRed ? Problem.FAILED : 0;
    }

    private void write(List<Report> reports) {
        try {
            if (peer.port != null) {
                Report.writeAll(reports, report);
                System.out.println("report in " + report);
            } else {
                System.out.println("report "
                        + (reports.size() == 1 ? reports.get(0).write(report) : Report.writeAll(reports, report)));
            }
            if (junit != null) {
                Report.writeJUnit(reports, junit);
            }
        } catch (IOException e) {
            throw Problem.usage("the report cannot be written: " + e.getMessage());
        }
    }

    private List<Report> clients(int port, Settings settings, Selection selection) throws InterruptedException {
        if (port < 0 || port > 65_535) {
            throw Problem.usage("--listen is 0 to 65535, not " + port);
        }
        try (FuzzingServer server = listen(port, settings, selection)) {
            System.out.println(
                    "listening " + (keystore == null ? "ws" : "wss") + "://127.0.0.1:" + server.port() + "/case-count");
            Map<String, Report> made = new LinkedHashMap<>();
            while (made.size() < agents) {
                Report next = server.nextReport(A_DAY);
                if (next != null) {
                    made.put(next.agent(), next);
                }
            }
            return List.copyOf(made.values());
        } catch (IOException e) {
            if (!(e instanceof BindException || e.getCause() instanceof BindException)) {
                throw Problem.usage(String.valueOf(e.getMessage())); // Netty has no QUIC for this platform
            }
            throw Problem.usage("cannot listen on port " + port
                    + ": choose another with --listen, 0 for any that is free (" + e.getMessage() + ")");
        }
    }

    private FuzzingServer listen(int port, Settings settings, Selection selection) throws IOException {
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", port);
        KeyFile key = key();
        if (http3 && key != null) {
            QuicTransport quic = ConformanceServer.quic();
            return FuzzingServer.listen(quic, key.keyManager(), address, settings, selection, report, new Shown());
        }
        SSLContext context = key == null ? null : key.serverContext();
        return FuzzingServer.listen(carrier(), context, address, settings, selection, report, new Shown());
    }

    private @Nullable KeyFile key() {
        if (keystore == null) {
            return null;
        }
        Path password = tls.passwordFile();
        if (password == null) {
            throw Problem.usage("--keystore FILE and --password-file FILE go together");
        }
        return KeyFile.read(keystore, password);
    }

    /** Prints the progress to the standard error. */
    private static final class Shown implements Progress {
        private static final int STEP = 50;

        @Override
        public void played(String id, Verdict verdict, int played, int all) {
            if (verdict.isRed() || played % STEP == 0 || played == all) {
                System.err.println("[" + played + "/" + all + "] " + id + " " + verdict.word());
            }
        }

        @Override
        public void problem(String description) {
            System.err.println(description);
        }
    }
}
