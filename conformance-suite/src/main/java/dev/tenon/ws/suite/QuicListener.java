package dev.tenon.ws.suite;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import javax.net.ssl.KeyManager;

/** Accepts connections of HTTP/3. */
final class QuicListener implements ClientListener {
    private final QuicTransport.Server server;
    private final Duration timeout;
    /** Connections that are not yet started, and an empty element when this is closed. */
    private final BlockingQueue<Optional<Http3Connection>> accepted = new LinkedBlockingQueue<>();

    QuicListener(QuicTransport quic, KeyManager key, InetSocketAddress address, Duration timeout) throws IOException {
        this.timeout = timeout;
        server = quic.listen(address, Carrier.HTTP_3.alpn(), key, timeout, this::accepted);
    }

    private Http3Connection accepted(QuicTransport.Connection quic) {
        Http3Connection connection = new Http3Connection(quic, Side.CLIENT);
        accepted.add(Optional.of(connection));
        return connection;
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public Optional<ClientConnection> accept() throws InterruptedException {
        return accepted.take().map(connection -> consumer -> forEachLink(connection, consumer));
    }

    private void forEachLink(Http3Connection connection, Consumer<Link> consumer)
            throws IOException, InterruptedException {
        connection.start(timeout);
        for (Optional<Http3Stream> next = connection.accept(); next.isPresent(); next = connection.accept()) {
            consumer.accept(next.get());
        }
    }

    @Override
    public void close() {
        server.close();
        accepted.add(Optional.empty());
    }
}
