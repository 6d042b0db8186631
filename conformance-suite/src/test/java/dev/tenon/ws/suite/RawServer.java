package dev.tenon.ws.suite;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;

/** A server that accepts every request and then behaves as a test wants, on a thread for each connection. */
final class RawServer implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(10);

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    private final String extensions;
    private final Behaviour behaviour;

    /** What the server does after its response. Afterwards it closes the connection. */
    interface Behaviour {
        void run(Wire wire) throws IOException, InterruptedException;
    }

    RawServer(Behaviour behaviour) throws IOException {
        this("", behaviour);
    }

    RawServer(String extensions, Behaviour behaviour) throws IOException {
        this.extensions = extensions;
        this.behaviour = behaviour;
        start(this::accept);
    }

    Report play(Settings settings, String... cases) throws IOException, InterruptedException {
        URI uri = URI.create("ws://127.0.0.1:" + listener.getLocalPort() + "/");
        return new FuzzingClient(uri, settings).run(Selection.of(cases), "raw", (id, verdict, played, all) -> {});
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

    private void serve(Socket socket) {
        try (Wire wire = new Wire(socket, Side.CLIENT, new Transcript())) {
            wire.sendHead(Handshake.response(new Head(wire.readHead(LONG)), extensions));
            behaviour.run(wire);
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
