package dev.tenon.sockets;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Opens sockets and selectors with another provider, and records them. */
public final class RecordingSockets extends SelectorProvider {
    private final SelectorProvider delegate;
    private final List<String> opened = new CopyOnWriteArrayList<>();
    private final List<Selector> selectors = new CopyOnWriteArrayList<>();

    /**
     * A provider that has opened nothing yet.
     *
     * @param delegate opens everything
     */
    public RecordingSockets(SelectorProvider delegate) {
        this.delegate = delegate;
    }

    /**
     * What was opened, in order.
     *
     * @return "selector", "listener" and "socket"
     */
    public List<String> opened() {
        return List.copyOf(opened);
    }

    /**
     * Closes all selectors, so that their event loops fail.
     *
     * @throws IOException if a selector cannot be closed
     */
    public void breakSelectors() throws IOException {
        for (Selector selector : selectors) {
            selector.close();
        }
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        opened.add("selector");
        AbstractSelector selector = delegate.openSelector();
        selectors.add(selector);
        return selector;
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        opened.add("listener");
        return delegate.openServerSocketChannel();
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        opened.add("socket");
        return delegate.openSocketChannel();
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return delegate.openDatagramChannel();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return delegate.openDatagramChannel(family);
    }

    @Override
    public Pipe openPipe() throws IOException {
        return delegate.openPipe();
    }
}
