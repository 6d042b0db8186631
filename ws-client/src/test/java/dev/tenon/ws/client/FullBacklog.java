package dev.tenon.ws.client;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** An address with a full backlog: a connect to it gets no answer. */
final class FullBacklog implements Closeable {
    private final ServerSocket server = new ServerSocket();
    private final List<SocketChannel> backlog = new ArrayList<>();

    private FullBacklog() throws IOException {}

    static FullBacklog at(String address, int port) throws IOException {
        FullBacklog silence = new FullBacklog();
        silence.server.bind(new InetSocketAddress(address, port), 1);
        for (int i = 0; i < 8; i++) {
            SocketChannel channel = SocketChannel.open();
            silence.backlog.add(channel);
            channel.configureBlocking(false);
            boolean unused = channel.connect(silence.server.getLocalSocketAddress());
        }
        return silence;
    }

    int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : backlog) {
            channel.close();
        }
        server.close();
    }
}
