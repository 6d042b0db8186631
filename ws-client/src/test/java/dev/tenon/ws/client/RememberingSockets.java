package dev.tenon.ws.client;

import dev.tenon.ws.transport.EventLoops;
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

/** Opens what the usual provider opens, and remembers what that was. */
final class RememberingSockets extends SelectorProvider {
    private final SelectorProvider usual = EventLoops.defaultSockets();
    final List<String> opened = new CopyOnWriteArrayList<>();

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
