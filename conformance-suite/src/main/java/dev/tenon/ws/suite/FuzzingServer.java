package dev.tenon.ws.suite;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;

/**
 * Tests clients that echo text as text and binary as binary. A client connects to {@code /case-count} and receives the
 * number of cases as a text; connects to {@code /run?case=N&agent=NAME} for each case from 1 on and echoes; and
 * connects to {@code /report?agent=NAME} at the end. The server closes each connection. Clients for another suite may
 * use that one's paths: {@code /getCaseCount}, {@code /runCase} and {@code /updateReports}. Safe for any thread.
 */
public final class FuzzingServer implements AutoCloseable {
    private final ServerSocket listener;
    private final Carrier carrier;
    private final Settings settings;
    private final List<TestCase> cases;
    private final Path folder;
    private final Progress progress;
    private final Map<String, AgentResults> agents = new ConcurrentHashMap<>();
    private final BlockingQueue<Report> reports = new LinkedBlockingQueue<>();

    private FuzzingServer(
            ServerSocket listener,
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
     * @param carrier what carries the WebSockets, HTTP/1.1 or HTTP/2; all connections are of this version of HTTP
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
            throw new IllegalArgumentException("clients are not tested over HTTP/3");
        }
        ServerSocket listener = tls == null ? new ServerSocket() : secured(tls, carrier);
        try {
            listener.bind(address);
        } catch (IOException e) {
            listener.close();
            throw e;
        }
        FuzzingServer server = new FuzzingServer(listener, carrier, settings, selection, folder, progress);
        start(server::accept, "suite-acceptor");
        return server;
    }

    /**
     * The bound port.
     *
     * @return 1 to 65535
     */
    public int port() {
        return listener.getLocalPort();
    }

    /**
     * Waits until a client requests its report, which has been written by then.
     *
     * @param seconds how long to wait
     * @return the report, or null at the timeout
     * @throws InterruptedException if this thread is interrupted
     */
    public @Nullable Report nextReport(long seconds) throws InterruptedException {
        return reports.poll(seconds, TimeUnit.SECONDS);
    }

    /** RFC 7301. */
    private static ServerSocket secured(SSLContext tls, Carrier carrier) throws IOException {
        SSLServerSocket listener =
                (SSLServerSocket) tls.getServerSocketFactory().createServerSocket();
        SSLParameters parameters = listener.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {carrier.alpn()});
        listener.setSSLParameters(parameters);
        return listener;
    }

    private static void start(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                start(() -> serve(socket), "suite-connection");
            } catch (SocketException e) {
                return; // closed
            } catch (IOException e) {
                progress.problem("a connection could not be accepted: " + e.getMessage());
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            if (carrier == Carrier.HTTP_2) {
                serveStreams(new Http2Connection(socket, Side.CLIENT, settings.timeout(), FuzzingClient.STREAM_WINDOW));
            } else {
                serve(new TcpLink(socket));
            }
        } catch (IOException e) {
            progress.problem("a connection has ended early: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serveStreams(Http2Connection connection) throws InterruptedException {
        for (Optional<Http2Stream> next = connection.accept(); next.isPresent(); next = connection.accept()) {
            Http2Stream stream = next.get();
            start(() -> serve(stream), "suite-stream");
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
                case "/report", "/updateReports" -> {
                    report(query);
                    sendAndClose(wire, request, List.of());
                }
                default -> refuse(wire, "404 Not Found");
            }
        } catch (CaseFailure | IOException e) {
            progress.problem("a connection has ended early: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void refuse(Wire wire, String status) throws IOException {
        StreamLink stream = wire.stream();
        if (stream == null) {
            wire.sendHead("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        } else {
            StreamHandshake.send(wire, stream, List.of(new Field(":status", status.substring(0, 3))), true);
        }
    }

    private void sendAndClose(Wire wire, Head request, List<WireFrame> frames)
            throws CaseFailure, IOException, InterruptedException {
        new Opening.Usual(null).asServer(wire, request, settings.timeout());
        wire.startFrames();
        try (CaseRun run = new CaseRun(wire, settings, false, null)) {
            run.play(Script.script().send(frames).close().steps());
        }
    }

    private void run(Wire wire, Head request, Query query) throws IOException, InterruptedException {
        int number = query.caseNumber();
        if (number < 1 || number > cases.size()) {
            refuse(wire, "404 No Such Case");
            return;
        }
        TestCase testCase = cases.get(number - 1);
        AgentResults results = results(query);
        results.begin();
        Outcome outcome = new Player(settings)
                .play(testCase, wire, open -> testCase.opening().asServer(open, request, settings.timeout()));
        progress.played(testCase.id(), outcome.verdict(), results.end(number, outcome), cases.size());
    }

    private AgentResults results(Query query) {
        return agents.computeIfAbsent(query.agent(), agent -> new AgentResults());
    }

    private void report(Query query) throws IOException, InterruptedException {
        List<Outcome> outcomes = results(query).await(settings.timeout());
        Report report = new Report(
                Side.CLIENT,
                query.agent(),
                "port " + port() + " over " + carrier.word(),
                outcomes,
                settings.exclusions());
        report.write(folder.resolve(report.folderName()));
        reports.add(report);
    }

    /** Stops listening; open connections end with their case. */
    @Override
    public void close() throws IOException {
        listener.close();
    }
}
