package dev.tenon.ws.transport.linux;

import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayDeque;
import java.util.Deque;

/** A process that runs out of descriptors while connections wait, and prints the results of accepting them. */
final class DescriptorShortage {
    private DescriptorShortage() {}

    public static void main(String[] arguments) throws IOException {
        SelectorProvider provider = IoUring.required();
        try (Selector selector = provider.openSelector();
                ServerSocketChannel listener = provider.openServerSocketChannel();
                SocketChannel peer = SocketChannel.open()) {
            listener.configureBlocking(false);
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SelectionKey key = listener.register(selector, SelectionKey.OP_ACCEPT);
            peer.connect(listener.getLocalAddress());
            Deque<FileInputStream> all = takeAllDescriptors();
            selector.select();
            try {
                System.out.println("accepted " + listener.accept());
            } catch (IOException e) {
                System.out.println("told: " + e.getMessage());
            }
            key.interestOps(0);
            selector.selectNow();
            all.pop().close();
            key.interestOps(SelectionKey.OP_ACCEPT);
            selector.selectedKeys().clear();
            selector.select();
            try (SocketChannel accepted = listener.accept()) {
                System.out.println("then accepted: " + (accepted != null));
            }
        }
    }

    private static Deque<FileInputStream> takeAllDescriptors() {
        Deque<FileInputStream> all = new ArrayDeque<>();
        try {
            while (true) {
                all.push(new FileInputStream("/dev/null"));
            }
        } catch (IOException exhausted) {
            return all;
        }
    }
}
