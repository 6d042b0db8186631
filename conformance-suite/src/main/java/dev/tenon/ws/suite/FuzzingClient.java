package dev.tenon.ws.suite;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** Tests a server that echoes text as text and binary as binary. Safe for one thread. */
public final class FuzzingClient {
    private static final int DEFAULT_PORT = 80;
    private static final int DEFAULT_TLS_PORT = 443;

    private final URI uri;
    private final Settings settings;
    private final @Nullable SSLContext tls;

    /**
     * A client for one server.
     *
     * @param uri the address of the echo, {@code ws://host:port/path}
     * @param settings timeouts, and limits of the peer
     * @throws IllegalArgumentException if the URI has another form
     */
    public FuzzingClient(URI uri, Settings settings) {
        this(uri, settings, "ws", null);
    }

    /**
     * A client for one server behind TLS.
     *
     * @param uri where it echoes, {@code wss://host:port/path}
     * @param settings how patient to be
     * @param tls whom to trust; the certificate has to be for the host
     * @throws IllegalArgumentException if the URI is of another kind
     */
    public FuzzingClient(URI uri, Settings settings, SSLContext tls) {
        this(uri, settings, "wss", tls);
    }

    private FuzzingClient(URI uri, Settings settings, String scheme, @Nullable SSLContext tls) {
        if (!scheme.equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("the server is " + scheme + "://host:port/path, not '" + uri + "'");
        }
        this.uri = uri;
        this.settings = settings;
        this.tls = tls;
    }

    /**
     * Runs the cases one after the other, each on a new connection.
     *
     * @param selection the cases to run
     * @param agent the server's name in the report
     * @param progress called after each case, on this thread
     * @return the report
     * @throws IOException if the server is unreachable
     * @throws InterruptedException if this thread is interrupted
     */
    public Report run(Selection selection, String agent, Progress progress) throws IOException, InterruptedException {
        connect(new Transcript()).close(); // fails with one clear error instead of hundreds of failed cases
        List<TestCase> cases = selection.of(Side.SERVER, settings);
        List<Outcome> outcomes = new ArrayList<>();
        Player player = new Player(settings);
        for (TestCase testCase : cases) {
            Outcome outcome = player.play(
                    testCase, this::connect, wire -> testCase.opening().asClient(wire, uri, settings.whole()));
            outcomes.add(outcome);
            progress.played(testCase.id(), outcome.verdict(), outcomes.size(), cases.size());
        }
        return new Report(Side.SERVER, agent, uri.toString(), outcomes, settings.exclusions());
    }

    private Wire connect(Transcript transcript) throws IOException {
        Socket socket = new Socket();
        try {
            int defaultPort = tls == null ? DEFAULT_PORT : DEFAULT_TLS_PORT;
            int port = uri.getPort() < 0 ? defaultPort : uri.getPort();
            String host = uri.getHost().replaceAll("[\\[\\]]", "");
            socket.connect(
                    new InetSocketAddress(host, port), (int) settings.whole().toMillis());
            return new Wire(tls == null ? socket : secured(tls, socket, host, port), Side.SERVER, transcript);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private Socket secured(SSLContext context, Socket socket, String host, int port) throws IOException {
        SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.setSoTimeout((int) settings.whole().toMillis());
        secured.startHandshake();
        return secured;
    }
}
