package dev.tenon.ws.transport.linux;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A stream socket in non-blocking mode. While it is registered, only the thread of its selector may read and write. Any
 * thread may close it.
 */
final class UringSocketChannel extends SocketChannel implements RegisteredChannel {
    private static final int SHUT_RD = 0;

    private final Descriptor descriptor;
    private final PeerConnection peer;
    private volatile @Nullable UringKey key;
    /** The input of the last registration if it has results that are not yet read. */
    private @Nullable InputRequest rest;

    private volatile boolean inputShut;
    private volatile boolean outputShut;

    /** Creates a channel that is not connected yet, or that of an accepted connection, whose peer is known. */
    UringSocketChannel(SelectorProvider provider, Descriptor descriptor, @Nullable SocketAddress accepted) {
        super(provider);
        this.descriptor = descriptor;
        this.peer = new PeerConnection(descriptor, accepted);
    }

    // Connecting

    @Override
    public SocketChannel bind(@Nullable SocketAddress local) throws IOException {
        boolean internet = descriptor.family != SocketAddresses.AF_UNIX;
        descriptor.bind(local == null && internet ? new InetSocketAddress(0) : local);
        return this;
    }

    @Override
    public boolean connect(SocketAddress address) throws IOException {
        requireNonBlocking();
        try {
            return reportIfConnected(peer.connect(address));
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public boolean finishConnect() throws IOException {
        requireNonBlocking();
        try {
            return reportIfConnected(peer.finish());
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** If the channel is connected, tells its selector, which can receive from now on. Returns the argument. */
    private boolean reportIfConnected(boolean connected) {
        UringKey registered = key;
        if (connected && registered != null) {
            registered.selector().changed(registered);
        }
        return connected;
    }

    @Override
    public boolean isConnected() {
        return peer.isEstablished();
    }

    @Override
    public boolean isConnectionPending() {
        return peer.isPending();
    }

    private void requireNonBlocking() throws ClosedChannelException {
        descriptor.require();
        if (isBlocking()) {
            throw new IllegalBlockingModeException();
        }
    }

    // Bytes

    /** Checks that the caller may read or write. Returns the key if the channel is registered, else null. */
    private @Nullable UringKey checkAccess() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        peer.require();
        UringKey registered = key;
        if (registered != null && !registered.selector().isOwner() && registered.slot >= 0) {
            throw new IllegalStateException("a registered channel belongs to the thread of its selector");
        }
        return registered;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (into.isReadOnly()) {
            throw new IllegalArgumentException("the buffer is read-only");
        }
        UringKey registered = checkAccess();
        if (inputShut) {
            if (registered != null) { // no read returns the received bytes, and they occupy shared buffers
                registered.input.received().clear();
            }
            return -1;
        }
        if (!into.hasRemaining()) {
            return 0;
        }
        if (registered != null) {
            return registered.read(into);
        }
        requireNonBlocking();
        synchronized (descriptor) {
            InputRequest before = rest;
            int read = before == null ? 0 : before.read(into);
            return read != 0 ? read : SocketBytes.read(descriptor, into);
        }
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        long sum = 0;
        for (int i = offset; i < offset + length; i++) {
            int read = into[i].hasRemaining() ? read(into[i]) : 0;
            if (read < 0) {
                return sum > 0 ? sum : -1;
            }
            sum += read;
            if (into[i].hasRemaining()) {
                break;
            }
        }
        return sum;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        UringKey registered = checkWritable();
        if (registered != null && registered.selector().isOwner()) {
            return registered.write(bytes);
        }
        synchronized (descriptor) {
            return SocketBytes.write(descriptor, bytes);
        }
    }

    @Override
    public long write(ByteBuffer[] buffers, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffers.length);
        UringKey registered = checkWritable();
        if (registered != null && registered.selector().isOwner()) {
            return registered.write(buffers, offset, length);
        }
        synchronized (descriptor) {
            return SocketBytes.write(descriptor, buffers, offset, length);
        }
    }

    private @Nullable UringKey checkWritable() throws ClosedChannelException {
        UringKey registered = checkAccess();
        if (outputShut) {
            throw new ClosedChannelException();
        }
        if (registered == null) {
            requireNonBlocking();
        }
        return registered;
    }

    @Override
    public SocketChannel shutdownInput() throws IOException {
        requireConnected();
        if (!inputShut) {
            inputShut = true;
            descriptor.shutdown(SHUT_RD);
        }
        return this;
    }

    @Override
    public SocketChannel shutdownOutput() throws IOException {
        requireConnected();
        if (!outputShut) {
            outputShut = true;
            UringKey registered = key;
            if (registered == null) {
                descriptor.shutdown(Descriptor.SHUT_WR);
            } else {
                registered.shutdownOutput();
            }
        }
        return this;
    }

    private void requireConnected() throws ClosedChannelException {
        descriptor.require();
        peer.require();
    }

    // Addresses and options

    @Override
    public @Nullable SocketAddress getRemoteAddress() throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        return peer.address();
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        SocketAddress local = descriptor.localAddress();
        return local instanceof InetSocketAddress internet && internet.getPort() == 0 ? null : local;
    }

    @Override
    public <T> SocketChannel setOption(SocketOption<T> option, T value) throws IOException {
        SocketOptions.set(this, descriptor, option, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        return SocketOptions.get(this, descriptor, option);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return SocketOptions.supported(this, descriptor.family);
    }

    @Override
    public Socket socket() {
        throw new UnsupportedOperationException("a channel of io_uring has no Socket: use the channel itself");
    }

    // Lifetime

    @Override
    protected void implCloseSelectableChannel() {
        SocketLifetime.close(this, key);
    }

    @Override
    protected void implConfigureBlocking(boolean block) {}

    @Override
    public Descriptor descriptor() {
        return descriptor;
    }

    @Override
    public void registered(@Nullable UringKey next) {
        UringKey before = key;
        if (next != null && rest != null) {
            next.input.adopt(rest);
            rest = null;
        } else if (next == null && before != null && before.input.hasResult()) {
            rest = before.input;
        }
        key = next;
        if (next == null && outputShut) { // the key may have ended before its request to end the direction
            SocketLifetime.endOutput(descriptor);
        }
    }
}
