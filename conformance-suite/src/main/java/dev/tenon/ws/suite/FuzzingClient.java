package dev.tenon.ws.suite;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Tests a server that echoes text as text and binary as binary. Safe for one thread. */
public final class FuzzingClient {
    private static final int DEFAULT_PORT = 80;

    private final URI uri;
    private final Settings settings;

    /**
     * A client for one server.
     *
     * @param uri where it echoes, {@code ws://host:port/path}
     * @param settings how patient to be
     * @throws IllegalArgumentException if the URI is of another kind
     */
    public FuzzingClient(URI uri, Settings settings) {
        if (!"ws".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("the server is ws://host:port/path, not '" + uri + "'");
        }
        this.uri = uri;
        this.settings = settings;
    }

    /**
     * Plays the cases one after the other, each on a connection of its own.
     *
     * @param selection which cases
     * @param agent the server's name in the report
     * @param progress told after each case, on this thread
     * @return what came of them
     * @throws IOException if the server cannot be reached at all
     * @throws InterruptedException if this thread is interrupted
     */
    public Report run(Selection selection, String agent, Progress progress) throws IOException, InterruptedException {
        connect(new Transcript()).close(); // one clear error instead of hundreds of failed cases
        List<TestCase> cases = selection.of(Side.SERVER, settings);
        List<Outcome> outcomes = new ArrayList<>();
        Player player = new Player(settings);
        for (TestCase testCase : cases) {
            Outcome outcome = player.play(
                    testCase, this::connect, wire -> testCase.opening().asClient(wire, uri, settings.whole()));
            outcomes.add(outcome);
            progress.played(testCase.id(), outcome.verdict(), outcomes.size(), cases.size());
        }
        return new Report(Side.SERVER, agent, uri.toString(), outcomes);
    }

    private Wire connect(Transcript transcript) throws IOException {
        Socket socket = new Socket();
        try {
            int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
            String host = uri.getHost().replaceAll("[\\[\\]]", "");
            socket.connect(
                    new InetSocketAddress(host, port), (int) settings.whole().toMillis());
            return new Wire(socket, Side.SERVER, transcript);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
