package dev.tenon.ws.suite;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/** A server that accepts every request and then behaves as a test wants, on a thread for each connection. */
final class RawServer implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(60);

    private final ServerSocket listener;
    private final String scheme;
    private final RawBehaviour behaviour;

    /** What the server does after its response. Afterwards it closes the connection. */
    interface Behaviour {
        void run(Wire wire) throws IOException, InterruptedException;
    }

    /** What the server does with a connection, which it closes afterwards. */
    interface RawBehaviour {
        void run(Socket socket) throws IOException, InterruptedException;
    }

    RawServer(Behaviour behaviour) throws IOException {
        this("", behaviour);
    }

    /** A server whose response has these extensions. */
    RawServer(String extensions, Behaviour behaviour) throws IOException {
        this(new ServerSocket(), "ws", socket -> accept(socket, extensions, behaviour));
    }

    /** A server with TLS. */
    RawServer(SSLContext tls, Behaviour behaviour) throws IOException {
        this(tls.getServerSocketFactory().createServerSocket(), "wss", socket -> accept(socket, "", behaviour));
    }

    private RawServer(ServerSocket listener, String scheme, RawBehaviour behaviour) throws IOException {
        this.listener = listener;
        this.scheme = scheme;
        this.behaviour = behaviour;
        listener.setReceiveBufferSize(1 << 14); // a server that does not read blocks the suite soon
        listener.bind(new InetSocketAddress("127.0.0.1", 0));
        start(this::accept);
    }

    /** A server that does not respond by itself. */
    static RawServer withoutHandshake(RawBehaviour behaviour) throws IOException {
        return new RawServer(new ServerSocket(), "ws", behaviour);
    }

    private static void accept(Socket socket, String extensions, Behaviour behaviour)
            throws IOException, InterruptedException {
        try (Wire wire = new Wire(new TcpLink(new PeerSocket(socket, LONG)), Side.CLIENT, new Transcript())) {
            wire.sendHead(Handshake.response(new Head(wire.readHead(LONG)), extensions));
            behaviour.run(wire);
        }
    }

    URI uri() {
        return URI.create(scheme + "://127.0.0.1:" + listener.getLocalPort() + "/");
    }

    /** Plays a case, and waits for the response to the handshake for as long as it takes. */
    Outcome play(Settings settings, String id) throws InterruptedException {
        return play(settings, id, transcript -> {
            PeerSocket socket = new PeerSocket(new Socket("127.0.0.1", listener.getLocalPort()), settings.timeout());
            return new Wire(new TcpLink(socket), Side.SERVER, transcript);
        });
    }

    Outcome play(Settings settings, String id, Player.Connector connector) throws InterruptedException {
        TestCase testCase = Selection.of(id).of(Side.SERVER, settings).get(0);
        return new Player(settings)
                .play(testCase, connector, wire -> testCase.opening().asClient(wire, uri(), LONG));
    }

    /** Plays cases as the tool does. */
    Report run(Settings settings, String... cases) throws IOException, InterruptedException {
        return new FuzzingClient(uri(), settings).run(Selection.of(cases), "raw", (id, verdict, played, all) -> {});
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "raw-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                start(() -> serve(socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket tcp) {
        try (Socket socket = tcp) {
            behaviour.run(socket);
        } catch (IOException e) {
            return; // the suite has closed the connection
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends every frame back, until a Close frame. */
    static void echo(Wire wire) throws IOException, InterruptedException {
        wire.startFrames();
        boolean open = true;
        while (open && wire.next(LONG) instanceof Arrival.SeenFrame frame) {
            wire.send(wire.encode(WireFrame.of(frame.opcode(), frame.payload())), Integer.MAX_VALUE);
            open = frame.opcode() != Opcodes.CLOSE;
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
