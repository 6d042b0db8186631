package dev.tenon.sockets;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Opens sockets and selectors with another provider, and records them. */
public final class RememberingSockets extends SelectorProvider {
    private final SelectorProvider usual;
    private final List<String> opened = new CopyOnWriteArrayList<>();

    /**
     * A provider that has opened nothing yet.
     *
     * @param usual opens everything
     */
    public RememberingSockets(SelectorProvider usual) {
        this.usual = usual;
    }

    /**
     * What was opened, in order.
     *
     * @return "selector", "listener" and "socket"
     */
    public List<String> opened() {
        return List.copyOf(opened);
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        opened.add("selector");
        return usual.openSelector();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        opened.add("listener");
        return usual.openServerSocketChannel();
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        opened.add("socket");
        return usual.openSocketChannel();
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return usual.openDatagramChannel();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return usual.openDatagramChannel(family);
    }

    @Override
    public Pipe openPipe() throws IOException {
        return usual.openPipe();
    }
}
