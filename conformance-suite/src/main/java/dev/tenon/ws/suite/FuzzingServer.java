package dev.tenon.ws.suite;

import dev.tenon.ws.suite.ClientListener.ClientConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Tests clients that echo text as text and binary as binary. A client connects to {@code /case-count} and receives the
 * number of cases as a text; connects to {@code /run?case=N&agent=NAME} for each case from 1 on and echoes; and
 * connects to {@code /report?agent=NAME} at the end. The server closes each connection. Clients for another suite may
 * use that one's paths: {@code /getCaseCount}, {@code /runCase} and {@code /updateReports}. Safe for any thread.
 */
public final class FuzzingServer implements AutoCloseable {
    private final ClientListener listener;
    private final Carrier carrier;
    private final Settings settings;
    private final List<TestCase> cases;
    private final Path folder;
    private final Progress progress;
    private final Map<String, AgentResults> agents = new ConcurrentHashMap<>();
    private final BlockingQueue<Report> reports = new LinkedBlockingQueue<>();

    private FuzzingServer(
            ClientListener listener,
            Carrier carrier,
            Settings settings,
            Selection selection,
            Path folder,
            Progress progress) {
        this.listener = listener;
        this.carrier = carrier;
        this.settings = settings;
        this.folder = folder;
        this.progress = progress;
        cases = selection.of(Side.CLIENT, carrier, settings);
    }

    /**
     * Starts a server that runs the cases that clients request.
     *
     * @param address the address to listen on
     * @param settings timeouts, and limits of the peer
     * @param selection the cases to run
     * @param folder the folder for reports, with a subfolder for each agent
     * @param progress called after each case, on any thread
     * @return the running server
     * @throws IOException if the address cannot be bound
     */
    public static FuzzingServer listen(
            InetSocketAddress address, Settings settings, Selection selection, Path folder, Progress progress)
            throws IOException {
        return listen(Carrier.HTTP_1_1, null, address, settings, selection, folder, progress);
    }

    /**
     * Starts a server with TLS that runs the cases that clients request.
     *
     * @param tls the server's key
     * @param address the address to listen on
     * @param settings timeouts, and limits of the peer
     * @param selection the cases to run
     * @param folder the folder for reports, with a subfolder for each agent
     * @param progress called after each case, on any thread
     * @return the running server
     * @throws IOException if the address cannot be bound
     */
    public static FuzzingServer listen(
            SSLContext tls,
            InetSocketAddress address,
            Settings settings,
            Selection selection,
            Path folder,
            Progress progress)
            throws IOException {
        return listen(Carrier.HTTP_1_1, tls, address, settings, selection, folder, progress);
    }

    /**
     * Starts a server for clients over a version of HTTP, with or without TLS.
     *
     * @param carrier HTTP/1.1 or HTTP/2; all connections are of this version of HTTP
     * @param tls the server's key, or null
     * @param address the address to listen on
     * @param settings timeouts, and limits of the peer
     * @param selection the cases to run
     * @param folder the folder for reports, with a subfolder for each agent
     * @param progress called after each case, on any thread
     * @return the running server
     * @throws IOException if the address cannot be bound
     * @throws IllegalArgumentException if the carrier is HTTP/3
     */
    public static FuzzingServer listen(
            Carrier carrier,
            @Nullable SSLContext tls,
            InetSocketAddress address,
            Settings settings,
            Selection selection,
            Path folder,
            Progress progress)
            throws IOException {
        if (carrier == Carrier.HTTP_3) {
            throw new IllegalArgumentException("HTTP/3 needs a QuicTransport");
        }
        TcpListener listener = new TcpListener(carrier, tls, address, settings.timeout());
        return start(new FuzzingServer(listener, carrier, settings, selection, folder, progress));
    }

    /**
     * Starts a server for clients over HTTP/3.
     *
     * @param quic accepts the connections of QUIC
     * @param key the server's key; an {@link javax.net.ssl.X509ExtendedKeyManager}
     * @param address the UDP address to listen on
     * @param settings timeouts, and limits of the peer
     * @param selection the cases to run
     * @param folder the folder for reports, with a subfolder for each agent
     * @param progress called after each case, on any thread
     * @return the running server
     * @throws IOException if the address cannot be bound
     */
    public static FuzzingServer listen(
            QuicTransport quic,
            KeyManager key,
            InetSocketAddress address,
            Settings settings,
            Selection selection,
            Path folder,
            Progress progress)
            throws IOException {
        QuicListener listener = new QuicListener(quic, key, address, settings.timeout());
        return start(new FuzzingServer(listener, Carrier.HTTP_3, settings, selection, folder, progress));
    }

    private static FuzzingServer start(FuzzingServer server) {
        start(server::accept, "suite-acceptor");
        return server;
    }

    /**
     * The bound port.
     *
     * @return 1 to 65535
     */
    public int port() {
        return listener.port();
    }

    /**
     * Waits until a client has requested its report, which has been written by then.
     *
     * @param seconds how long to wait
     * @return the report, or null at the timeout
     * @throws InterruptedException if this thread is interrupted
     */
    public @Nullable Report nextReport(long seconds) throws InterruptedException {
        return reports.poll(seconds, TimeUnit.SECONDS);
    }

    private static void start(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (acceptOne()) {}
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns false when the listener is closed. */
    private boolean acceptOne() throws InterruptedException {
        try {
            Optional<ClientConnection> next = listener.accept();
            next.ifPresent(connection -> start(() -> serve(connection), "suite-connection"));
            return next.isPresent();
        } catch (IOException e) {
            progress.problem("a connection could not be accepted: " + e.getMessage());
            Thread.sleep(100); // as long as file descriptors lack, the next attempt fails at once
            return true;
        }
    }

    private void serve(ClientConnection connection) {
        try {
            connection.forEachLink(this::begin);
        } catch (IOException e) {
            progress.problem("a connection has ended early: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Serves the only link of a connection, or one of its streams, which has a thread of its own. */
    private void begin(Link link) {
        if (link instanceof StreamLink) {
            start(() -> serve(link), "suite-stream");
        } else {
            serve(link);
        }
    }

    private void serve(Link link) {
        try (Wire wire = new Wire(link, Side.CLIENT, new Transcript())) {
            Head request = new Head(wire.readHead(settings.timeout()));
            Query query = Query.of(request.target());
            switch (query.path()) {
                case "/case-count", "/getCaseCount" ->
                    sendAndClose(wire, request, List.of(WireFrame.text(cases.size() + "")));
                case "/run", "/runCase" -> run(wire, request, query);
                case "/report", "/updateReports" -> report(wire, request, query);
                default -> Handshake.refuse(wire, "404 Not Found");
            }
        } catch (CaseFailure | IOException e) {
            progress.problem("a connection has ended early: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sendAndClose(Wire wire, Head request, List<WireFrame> frames)
            throws CaseFailure, IOException, InterruptedException {
        accept(wire, request);
        close(wire, frames);
    }

    private void accept(Wire wire, Head request) throws CaseFailure, IOException {
        new Opening.Usual(null).asServer(wire, request, settings.timeout());
    }

    private void close(Wire wire, List<WireFrame> frames) throws CaseFailure, IOException, InterruptedException {
        wire.startFrames();
        try (CaseRun run = new CaseRun(wire, settings, false, null)) {
            run.play(Script.script().send(frames).close().steps());
        }
    }

    private void run(Wire wire, Head request, Query query) throws IOException, InterruptedException {
        int number = query.caseNumber();
        if (number < 1 || number > cases.size()) {
            Handshake.refuse(wire, "404 No Such Case");
            return;
        }
        TestCase testCase = cases.get(number - 1);
        AgentResults results = results(query);
        results.begin();
        try {
            Outcome outcome = new Player(settings)
                    .play(testCase, wire, open -> testCase.opening().asServer(open, request, settings.timeout()));
            progress.played(testCase.id(), outcome.verdict(), results.add(number, outcome), cases.size());
        } finally {
            results.end();
        }
    }

    private AgentResults results(Query query) {
        return agents.computeIfAbsent(query.agent(), agent -> new AgentResults(cases));
    }

    private void report(Wire wire, Head request, Query query) throws CaseFailure, IOException, InterruptedException {
        accept(wire, request); // or it is not a client, and the run goes on
        List<Outcome> outcomes = results(query).await(settings.timeout());
        Report report = new Report(
                Side.CLIENT,
                query.agent(),
                "port " + port() + " over " + carrier.word(),
                outcomes,
                settings.exclusions());
        report.write(folder.resolve(report.folderName()));
        try {
            close(wire, List.of());
        } finally {
            reports.add(report); // after which the program may end
        }
    }

    /** Stops listening. Open connections end with their case, or at once if they are of HTTP/3. */
    @Override
    public void close() throws IOException {
        listener.close();
    }
}
