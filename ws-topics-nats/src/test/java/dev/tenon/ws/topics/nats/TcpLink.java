package dev.tenon.ws.topics.nats;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Forwards TCP connections to a server of this machine, until it is cut or paused. */
final class TcpLink implements AutoCloseable {
    private static final int BUFFER = 16_384;

    private final InetSocketAddress target;
    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;
    private boolean paused;

    TcpLink(int port) throws IOException {
        target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Breaks all connections; new ones end at once until {@link #heal}. */
    void cut() {
        cut = true;
        open.forEach(TcpLink::end);
    }

    void heal() {
        cut = false;
    }

    /** Stops reading what the server sends, or goes on. */
    synchronized void pause(boolean now) {
        paused = now;
        notifyAll();
    }

    private synchronized void awaitRunning() throws IOException {
        try {
            while (paused) {
                wait();
            }
        } catch (InterruptedException ended) {
            throw new IOException(ended);
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "link");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                forward(listening.accept());
            } catch (IOException refused) {
                // the client tries again
            }
        }
    }

    private void forward(Socket client) throws IOException {
        Socket server = new Socket();
        open.add(client);
        open.add(server);
        if (cut) {
            end(client);
            return;
        }
        try {
            server.setReceiveBufferSize(BUFFER);
            server.connect(target);
        } catch (IOException refused) {
            end(client);
            throw refused;
        }
        start(() -> pump(client, server, false));
        start(() -> pump(server, client, true));
    }

    private void pump(Socket from, Socket to, boolean pausing) {
        byte[] buffer = new byte[BUFFER];
        try {
            for (int count = 0; count >= 0; count = from.getInputStream().read(buffer)) {
                to.getOutputStream().write(buffer, 0, count);
                if (pausing) {
                    awaitRunning();
                }
            }
        } catch (IOException broken) {
            // both ends see it
        }
        end(from);
        end(to);
        open.remove(from);
        open.remove(to);
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException ended) {
            // it is closed
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        cut();
    }
}
