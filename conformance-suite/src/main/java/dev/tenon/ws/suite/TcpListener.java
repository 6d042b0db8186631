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
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** Accepts connections of HTTP/1.1 or HTTP/2, with or without TLS. */
final class TcpListener implements ClientListener {
    private final ServerSocket listener;
    private final Carrier carrier;
    private final @Nullable SSLContext tls;
    private final Duration timeout;

    TcpListener(Carrier carrier, @Nullable SSLContext tls, InetSocketAddress address, Duration timeout)
            throws IOException {
        this(new ServerSocket(), carrier, tls, address, timeout);
    }

    /** Binds the socket. */
    TcpListener(
            ServerSocket listener,
            Carrier carrier,
            @Nullable SSLContext tls,
            InetSocketAddress address,
            Duration timeout)
            throws IOException {
        this.listener = listener;
        this.carrier = carrier;
        this.tls = tls;
        this.timeout = timeout;
        try {
            listener.bind(address);
        } catch (IOException e) {
            listener.close();
            throw e;
        }
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
            if (listener.isClosed()) {
                return Optional.empty();
            }
            throw e; // such as one about file descriptors
        }
    }

    private void forEachLink(Socket tcp, Consumer<Link> consumer) throws IOException, InterruptedException {
        try (tcp;
                PeerSocket socket =
                        tls == null ? new PeerSocket(tcp, timeout) : new PeerSocket(tcp, secure(tls, tcp), timeout)) {
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

    /** RFC 7301. The first read or write does the handshake. */
    private Socket secure(SSLContext context, Socket tcp) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(tcp, null, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {carrier.alpn()});
        socket.setSSLParameters(parameters);
        return socket;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
