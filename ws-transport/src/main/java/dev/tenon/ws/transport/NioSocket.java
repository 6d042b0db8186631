package dev.tenon.ws.transport;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** The {@link Socket} over a channel of {@code java.nio}, or of any other {@code SelectorProvider}. */
final class NioSocket implements Socket, SelectionHandler {
    private final SocketChannel channel;
    private final SelectionKey key;
    private final Link link;

    /** Registers a channel with the link's loop; for an unconnected channel, it waits for the connection. */
    NioSocket(SocketChannel channel, Link link) throws IOException {
        this.channel = channel;
        this.link = link;
        int interest = channel.isConnected() ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT;
        this.key = link.loop().register(channel, interest, this);
    }

    Link link() {
        return link;
    }

    @Override
    public void ready(SelectionKey key) throws IOException {
        if (!key.isValid()) { // an event of another link has just closed this one
            return;
        }
        int ready = key.readyOps();
        if ((ready & SelectionKey.OP_READ) != 0) {
            link.readable();
        }
        if (ready == SelectionKey.OP_READ || !key.isValid()) {
            return;
        }
        if ((ready & SelectionKey.OP_CONNECT) != 0) {
            channel.finishConnect();
            link.connected();
        } else if ((ready & SelectionKey.OP_WRITE) != 0) {
            link.writable();
        }
    }

    @Override
    public void failed(Throwable cause) {
        link.failed(cause);
    }

    @Override
    public void drain() {
        link.drain();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return channel.read(into);
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        return channel.write(bytes);
    }

    @Override
    public long write(ByteBuffer[] buffers, int count) throws IOException {
        return channel.write(buffers, 0, count);
    }

    @Override
    public void watch(boolean input, boolean room) {
        int interest = (input ? SelectionKey.OP_READ : 0) | (room ? SelectionKey.OP_WRITE : 0);
        if (key.isValid() && key.interestOps() != interest) {
            key.interestOps(interest);
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        try {
            return channel.getRemoteAddress();
        } catch (IOException closed) {
            return null;
        }
    }
}
