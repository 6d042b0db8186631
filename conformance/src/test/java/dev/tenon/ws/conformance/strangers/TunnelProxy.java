package dev.tenon.ws.conformance.strangers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;

/** A minimal CONNECT proxy that requires a user name and a password. */
final class TunnelProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final String authorization;
    private final AtomicInteger tunnels = new AtomicInteger();

    private TunnelProxy(ServerSocket listener, String authorization) {
        this.listener = listener;
        this.authorization = authorization;
    }

    static TunnelProxy start(String name, String password) throws IOException {
        String token = Base64.getEncoder().encodeToString((name + ":" + password).getBytes(ISO_8859_1));
        TunnelProxy proxy = new TunnelProxy(
                new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), "Proxy-Authorization: Basic " + token);
        start(proxy::accept);
        return proxy;
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Returns how many tunnels it has opened. */
    int tunnels() {
        return tunnels.get();
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // one end has closed, and the other will soon
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            start(() -> serve(client));
        }
    }

    private void serve(Socket client) throws IOException {
        try (client) {
            for (String head = head(client.getInputStream()); !head.isEmpty(); head = head(client.getInputStream())) {
                if (head.contains(authorization)) {
                    tunnel(client, head);
                    return;
                }
                String refusal =
                        "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\n\r\n";
                client.getOutputStream().write(refusal.getBytes(ISO_8859_1));
            }
        }
    }

    private void tunnel(Socket client, String head) throws IOException {
        String[] target = head.split(" ", 3)[1].split(":", 2);
        try (Socket server = new Socket(target[0], Integer.parseInt(target[1]))) {
            tunnels.incrementAndGet();
            client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
            start(() -> {
                client.getInputStream().transferTo(server.getOutputStream());
                server.shutdownOutput();
            });
            server.getInputStream().transferTo(client.getOutputStream());
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            head.append((char) next);
            if (head.length() > 3 && head.indexOf("\r\n\r\n", head.length() - 4) >= 0) {
                return head.toString();
            }
        }
        return "";
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
