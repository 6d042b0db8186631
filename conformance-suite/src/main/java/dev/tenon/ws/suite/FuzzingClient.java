package dev.tenon.ws.suite;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** Tests a server that echoes text as text and binary as binary. Safe for one thread. */
public final class FuzzingClient {
    /** Large enough that a case never waits for it, unless it is about windows. */
    static final int STREAM_WINDOW = 1 << 20;

    private final URI uri;
    private final Settings settings;
    private final Carrier carrier;
    private final @Nullable SSLContext tls;
    private final Player.Connector connector;

    /**
     * A client for one server, over HTTP/1.1 without TLS.
     *
     * @param uri the address of the echo, {@code ws://host:port/path}
     * @param settings timeouts, and limits of the peer
     * @throws IllegalArgumentException if the URI has another form
     */
    public FuzzingClient(URI uri, Settings settings) {
        this(uri, settings, Carrier.HTTP_1_1, null);
    }

    /**
     * A client for one server.
     *
     * @param uri the address of the echo, {@code ws://host:port/path} or {@code wss://host:port/path}
     * @param settings timeouts, and limits of the peer
     * @param carrier what carries the WebSockets, HTTP/1.1 or HTTP/2
     * @param tls the trusted certificates, for {@code wss} only; the certificate must be for the host
     * @throws IllegalArgumentException if the URI has another form, or if the carrier is HTTP/3
     */
    public FuzzingClient(URI uri, Settings settings, Carrier carrier, @Nullable SSLContext tls) {
        checkUri(uri, tls == null ? "ws" : "wss");
        if (carrier == Carrier.HTTP_3) {
            throw new IllegalArgumentException("HTTP/3 needs a QuicTransport");
        }
        this.uri = uri;
        this.settings = settings;
        this.carrier = carrier;
        this.tls = tls;
        connector = this::connect;
    }

    /**
     * A client for one server over HTTP/3.
     *
     * @param uri the address of the echo, {@code wss://host:port/path}
     * @param settings timeouts, and limits of the peer
     * @param quic opens the connections of QUIC
     * @param trust decides which certificates are trusted; null for the trust store of the JDK
     * @throws IllegalArgumentException if the URI has another form
     */
    public FuzzingClient(URI uri, Settings settings, QuicTransport quic, @Nullable TrustManager trust) {
        checkUri(uri, "wss");
        this.uri = uri;
        this.settings = settings;
        carrier = Carrier.HTTP_3;
        tls = null;
        connector = transcript -> {
            try {
                Http3Connection connection = Http3Connection.connect(quic, uri, trust, settings.timeout());
                return new Wire(connection.newStream(), Side.SERVER, transcript);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        };
    }

    private static void checkUri(URI uri, String scheme) {
        if (!scheme.equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("the server is " + scheme + "://host:port/path, not '" + uri + "'");
        }
    }

    /**
     * A client for one server with TLS, over HTTP/1.1.
     *
     * @param uri the address of the echo, {@code wss://host:port/path}
     * @param settings timeouts, and limits of the peer
     * @param tls the trusted certificates; the server's certificate must be for the host
     * @throws IllegalArgumentException if the URI has another form
     */
    public FuzzingClient(URI uri, Settings settings, SSLContext tls) {
        this(uri, settings, Carrier.HTTP_1_1, tls);
    }

    /**
     * Runs the cases one after the other, each on a new connection.
     *
     * @param selection the cases to run
     * @param agent the server's name in the report
     * @param progress called after each case, on this thread
     * @return the report
     * @throws IOException if the server is unreachable, or does not respond with HTTP
     * @throws InterruptedException if this thread is interrupted
     */
    public Report run(Selection selection, String agent, Progress progress) throws IOException, InterruptedException {
        check();
        List<TestCase> cases = selection.of(Side.SERVER, carrier, settings);
        List<Outcome> outcomes = new ArrayList<>();
        Player player = new Player(settings);
        for (TestCase testCase : cases) {
            Outcome outcome = player.play(
                    testCase, connector, wire -> testCase.opening().asClient(wire, uri, settings.timeout()));
            outcomes.add(outcome);
            progress.played(testCase.id(), outcome.verdict(), outcomes.size(), cases.size());
        }
        return new Report(Side.SERVER, agent, uri + " over " + carrier.word(), outcomes, settings.exclusions());
    }

    /** Fails with one clear error instead of hundreds of failed cases. A server that refuses the request is tested. */
    private void check() throws IOException {
        try (Wire wire = connector.connect(new Transcript())) {
            if (wire.stream() != null) {
                return; // the prefaces of both sides have been exchanged
            }
            wire.sendHead(Handshake.request(uri, Handshake.key(), ""));
            Head response = new Head(wire.readHead(settings.timeout()));
            if (response.status() == 0) {
                throw new IOException(
                        "the server does not respond with HTTP, but with: " + Wire.firstLine(response.text()));
            }
        } catch (SocketTimeoutException e) {
            throw new IOException(
                    "the server does not respond within " + settings.timeout().toMillis() + " ms", e);
        }
    }

    private Wire connect(Transcript transcript) throws IOException {
        Socket tcp = new Socket();
        try {
            PeerSocket socket = socket(tcp);
            Link link = carrier == Carrier.HTTP_2 ? stream(socket) : new TcpLink(socket);
            return new Wire(link, Side.SERVER, transcript);
        } catch (IOException e) {
            tcp.close();
            throw e;
        }
    }

    private Http2Stream stream(PeerSocket socket) throws IOException {
        try {
            return new Http2Connection(socket, Side.SERVER, settings.timeout(), STREAM_WINDOW).newStream();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IOException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new IOException("interrupted", cause);
    }

    private PeerSocket socket(Socket tcp) throws IOException {
        int port = uri.getPort() >= 0 ? uri.getPort() : tls == null ? 80 : 443;
        String host = uri.getHost().replaceAll("[\\[\\]]", "");
        tcp.connect(new InetSocketAddress(host, port), (int) settings.timeout().toMillis());
        return tls == null
                ? new PeerSocket(tcp, settings.timeout())
                : new PeerSocket(tcp, secure(tls, tcp, host, port), settings.timeout());
    }

    /** RFC 9113 §3.3, RFC 7301. */
    private SSLSocket secure(SSLContext context, Socket socket, String host, int port) throws IOException {
        SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setApplicationProtocols(new String[] {carrier.alpn()});
        secured.setSSLParameters(parameters);
        secured.setSoTimeout((int) settings.timeout().toMillis());
        secured.startHandshake();
        secured.setSoTimeout(0);
        if (carrier == Carrier.HTTP_2 && !carrier.alpn().equals(secured.getApplicationProtocol())) {
            throw new IOException("the server does not speak HTTP/2 (RFC 7301)");
        }
        return secured;
    }
}
