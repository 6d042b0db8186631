package dev.tenon.ws.suite;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;

/** Accepts connections of HTTP/1.1 or HTTP/2, with or without TLS. */
final class TcpListener implements ClientListener {
    private final ServerSocket listener;
    private final Carrier carrier;
    private final Duration timeout;

    TcpListener(Carrier carrier, @Nullable SSLContext tls, InetSocketAddress address, Duration timeout)
            throws IOException {
        listener = tls == null ? new ServerSocket() : secured(tls, carrier);
        try {
            listener.bind(address);
        } catch (IOException e) {
            listener.close();
            throw e;
        }
        this.carrier = carrier;
        this.timeout = timeout;
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

    @Override
    public int port() {
        return listener.getLocalPort();
    }

    @Override
    public Optional<ClientConnection> accept() throws IOException {
        try {
            Socket socket = listener.accept();
            return Optional.of(consumer -> forEachLink(socket, consumer));
        } catch (SocketException e) {
            return Optional.empty(); // closed
        }
    }

    private void forEachLink(Socket socket, Consumer<Link> consumer) throws IOException, InterruptedException {
        try (socket) {
            if (carrier == Carrier.HTTP_1_1) {
                consumer.accept(new TcpLink(socket));
                return;
            }
            Http2Connection connection = new Http2Connection(socket, Side.CLIENT, timeout, FuzzingClient.STREAM_WINDOW);
            for (Optional<Http2Stream> next = connection.accept(); next.isPresent(); next = connection.accept()) {
                consumer.accept(next.get());
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
