package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Shared by the tests of channels: a provider, a selector, and channels that are closed at the end. */
abstract class ChannelTestBase {
    static final long LONG = 20_000;

    SelectorProvider provider;
    Selector selector;

    @BeforeEach
    void open() throws IOException {
        provider = Kernel.provider();
        selector = provider.openSelector();
    }

    @AfterEach
    void close() throws IOException {
        selector.close();
    }

    void await(SocketChannel channel, int ops) throws IOException {
        SelectionKey key = channel.keyFor(selector);
        if (key == null) {
            key = channel.register(selector, ops);
        } else {
            key.interestOps(ops);
        }
        int[] ready = new int[1];
        while ((ready[0] & ops) == 0) {
            assertTrue(selector.select(each -> ready[0] |= each.readyOps(), LONG) > 0, "nothing is ready");
        }
    }

    ServerSocketChannel listen(InetAddress at) throws IOException {
        ServerSocketChannel listener = provider.openServerSocketChannel();
        listener.configureBlocking(false);
        return listener.bind(new InetSocketAddress(at, 0));
    }

    SocketChannel accept(ServerSocketChannel listener) throws IOException {
        if (listener.keyFor(selector) == null) {
            listener.register(selector, SelectionKey.OP_ACCEPT);
        }
        while (true) {
            SocketChannel accepted = listener.accept();
            if (accepted != null) {
                accepted.configureBlocking(false);
                return accepted;
            }
            assertTrue(selector.select(key -> {}, LONG) > 0, "no key becomes ready");
        }
    }
}
