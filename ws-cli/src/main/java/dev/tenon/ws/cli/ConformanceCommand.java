package dev.tenon.ws.cli;

import dev.tenon.ws.suite.FuzzingClient;
import dev.tenon.ws.suite.FuzzingServer;
import dev.tenon.ws.suite.Progress;
import dev.tenon.ws.suite.Report;
import dev.tenon.ws.suite.Selection;
import dev.tenon.ws.suite.Settings;
import dev.tenon.ws.suite.Verdict;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Tests any echo server or client, of whatever project, against the rules. */
@Command(
        name = "conformance",
        description =
                "Tests a server or a client that echoes, case by case, and writes a report. A client asks /case-count,"
                        + " connects to /run?case=N&agent=NAME for each case from 1 on and echoes, then to"
                        + " /report?agent=NAME. Exits with 1 if a case is failed or non-strict.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // set by picocli
final class ConformanceCommand implements Callable<Integer> {
    private static final long A_DAY = 86_400;

    /** Which end is under test. */
    static final class Peer {
        @Option(names = "--server", paramLabel = "URI", description = "Test the echo server at ws://host:port/path.")
        @Nullable
        URI server;

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
            description = "Where the pages go (default: ${DEFAULT-VALUE}).")
    private Path report;

    @Option(names = "--cases", paramLabel = "ID", description = "Only these, such as 6.* or 7.9.1; repeatable.")
    private List<String> cases = List.of();

    @Option(names = "--fast", description = "Leave out the cases that move megabytes.")
    private boolean fast;

    @Option(
            names = "--agent",
            paramLabel = "NAME",
            defaultValue = "server",
            description = "The server's name in the report (default: ${DEFAULT-VALUE}).")
    private String agent;

    @Option(
            names = "--early",
            paramLabel = "MILLIS",
            defaultValue = "1000",
            description = "How soon a failure has to come that must not wait for more (default: ${DEFAULT-VALUE}).")
    private int early;

    @Option(
            names = "--patience",
            paramLabel = "MILLIS",
            defaultValue = "10000",
            description = "How soon anything else has to come (default: ${DEFAULT-VALUE}).")
    private int patience;

    @Option(
            names = "--max-message",
            paramLabel = "SIZE",
            defaultValue = "0",
            description = "The longest message that the peer says it takes, if it says so.")
    private ByteSize maxMessage;

    @Option(
            names = "--max-fragments",
            paramLabel = "N",
            defaultValue = "0",
            description = "The most fragments of a message that the peer says it takes, if it says so.")
    private int maxFragments;

    @Override
    public Integer call() throws InterruptedException {
        if (early < 1 || patience < 1 || maxFragments < 0 || maxMessage.bytes() > 16 << 20) {
            throw Problem.usage("--early and --patience are positive, --max-fragments is not negative,"
                    + " and --max-message is tested up to 16MiB");
        }
        Settings settings = Settings.DEFAULT
                .withPatience(Duration.ofMillis(early), Duration.ofMillis(patience))
                .withDeclared(maxMessage.bytes(), maxFragments);
        Selection selection = new Selection(cases, fast);
        Report made = peer.server != null
                ? server(peer.server, settings, selection)
                : client(peer.port == null ? 0 : peer.port, settings, selection);
        made.red().forEach(System.out::println);
        System.out.println(made.summary());
        return made.red().isEmpty() ? 0 : Problem.FAILED;
    }

    private Report server(URI uri, Settings settings, Selection selection) throws InterruptedException {
        try {
            Report made = new FuzzingClient(uri, settings).run(selection, agent, new Shown());
            System.out.println("report " + made.write(report));
            return made;
        } catch (IllegalArgumentException e) {
            throw Problem.usage(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw Problem.usage("no connection to " + uri + ", or no place for the report: " + e.getMessage());
        }
    }

    private Report client(int port, Settings settings, Selection selection) throws InterruptedException {
        if (port < 0 || port > 65_535) {
            throw Problem.usage("--listen is 0 to 65535, not " + port);
        }
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", port);
        try (FuzzingServer server = FuzzingServer.listen(address, settings, selection, report, new Shown())) {
            System.out.println("listening ws://127.0.0.1:" + server.port() + "/case-count");
            Report made = null;
            while (made == null) {
                made = server.nextReport(A_DAY);
            }
            System.out.println("report in " + report);
            return made;
        } catch (IOException e) {
            throw Problem.usage("cannot listen on port " + port + ": " + e.getMessage());
        }
    }

    /** Shows how far it has got, on the standard error. */
    private static final class Shown implements Progress {
        private static final int STEP = 50;

        @Override
        public void played(String id, Verdict verdict, int played, int all) {
            if (verdict.isRed() || played % STEP == 0 || played == all) {
                System.err.println("[" + played + "/" + all + "] " + id + " " + verdict.word());
            }
        }

        @Override
        public void trouble(String what) {
            System.err.println(what);
        }
    }
}
