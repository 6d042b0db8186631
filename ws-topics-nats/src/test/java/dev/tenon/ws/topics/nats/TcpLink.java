package dev.tenon.ws.topics.nats;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Forwards TCP connections to a server of this machine, until it is cut. */
final class TcpLink implements AutoCloseable {
    private final InetSocketAddress target;
    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

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
            server.connect(target);
        } catch (IOException refused) {
            end(client);
            throw refused;
        }
        start(() -> pump(client, server));
        start(() -> pump(server, client));
    }

    private void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
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
