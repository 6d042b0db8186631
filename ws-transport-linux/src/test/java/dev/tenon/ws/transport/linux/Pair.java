package dev.tenon.ws.transport.linux;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;

/** A channel of io_uring, and a plain socket at the other end. */
record Pair(SocketChannel channel, Socket peer) implements AutoCloseable {
    static Pair open(SelectorProvider provider) throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            SocketChannel channel = provider.openSocketChannel();
            channel.configureBlocking(false);
            boolean connected =
                    channel.connect(new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort()));
            Socket peer = listener.accept();
            peer.setSoTimeout(20_000);
            while (!connected) { // the connection is accepted, so the channel is connected or will be soon
                connected = channel.finishConnect();
            }
            return new Pair(channel, peer);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        peer.close();
    }
}
