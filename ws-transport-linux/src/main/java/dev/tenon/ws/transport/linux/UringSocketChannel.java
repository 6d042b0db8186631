package dev.tenon.ws.transport.linux;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NoConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectableChannel;
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
    private static final int SHUT_WR = 1;

    private enum State {
        UNCONNECTED,
        PENDING,
        CONNECTED
    }

    private final Descriptor descriptor;
    private volatile State state = State.UNCONNECTED;
    private volatile @Nullable SocketAddress remote;
    private volatile @Nullable UringKey key;
    /** Bytes that were received while the channel was registered, and that are not yet read. */
    private @Nullable Received rest;

    private volatile boolean inputShut;
    private volatile boolean outputShut;

    UringSocketChannel(SelectorProvider provider, Descriptor descriptor) {
        super(provider);
        this.descriptor = descriptor;
    }

    /** Creates the channel of an accepted connection. */
    UringSocketChannel(SelectorProvider provider, Descriptor descriptor, SocketAddress remote) {
        this(provider, descriptor);
        this.remote = remote;
        this.state = State.CONNECTED;
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
        switch (state) {
            case CONNECTED -> throw new AlreadyConnectedException();
            case PENDING -> throw new ConnectionPendingException();
            default -> {
                int result = descriptor.connect(Objects.requireNonNull(address));
                remote = address;
                if (result == 0) {
                    connected();
                    return true;
                }
                if (result == -Errno.EINPROGRESS || result == -Errno.EINTR) {
                    state = State.PENDING;
                    return false;
                }
                close();
                throw Errno.socket(-result);
            }
        }
    }

    private void connected() {
        state = State.CONNECTED;
        UringKey registered = key;
        if (registered != null) {
            registered.selector().changed(registered);
        }
    }

    @Override
    public boolean finishConnect() throws IOException {
        requireNonBlocking();
        if (state == State.CONNECTED) {
            return true;
        }
        if (state == State.UNCONNECTED) {
            throw new NoConnectionPendingException();
        }
        int error = SocketOptions.takeError(descriptor);
        if (error != 0) {
            close();
            throw Errno.socket(error);
        }
        if (!descriptor.hasPeer()) {
            return false;
        }
        connected();
        return true;
    }

    @Override
    public boolean isConnected() {
        return state == State.CONNECTED;
    }

    @Override
    public boolean isConnectionPending() {
        return state == State.PENDING;
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
        if (state != State.CONNECTED) {
            throw new NotYetConnectedException();
        }
        UringKey registered = key;
        if (registered != null && !registered.selector().isOwner() && registered.slot >= 0) {
            throw new IllegalStateException("a registered channel belongs to the thread of its selector");
        }
        return registered;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        UringKey registered = checkAccess();
        if (inputShut) {
            return -1;
        }
        if (!into.hasRemaining()) {
            return 0;
        }
        if (registered != null) {
            int read = registered.input.read(into);
            return read != 0 || !registered.selector().isUpToDate() ? read : readSocket(registered, into);
        }
        requireNonBlocking();
        synchronized (descriptor) {
            Received before = rest;
            if (before != null && before.size() > 0) {
                return before.read(into);
            }
            return SocketBytes.read(descriptor, into);
        }
    }

    private int readSocket(UringKey registered, ByteBuffer into) throws IOException {
        int read = SocketBytes.read(descriptor, into);
        registered.input.onSocketRead(read, into.hasRemaining());
        return read;
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
        if (checkWritable() != null) {
            return SocketBytes.write(descriptor, bytes);
        }
        synchronized (descriptor) {
            return SocketBytes.write(descriptor, bytes);
        }
    }

    @Override
    public long write(ByteBuffer[] buffers, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffers.length);
        if (checkWritable() != null) {
            return SocketBytes.write(descriptor, buffers, offset, length);
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
            descriptor.shutdown(SHUT_WR);
        }
        return this;
    }

    private void requireConnected() throws ClosedChannelException {
        descriptor.require();
        if (state != State.CONNECTED) {
            throw new NotYetConnectedException();
        }
    }

    // Addresses and options

    @Override
    public @Nullable SocketAddress getRemoteAddress() throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        return state == State.CONNECTED ? remote : null;
    }

    @Override
    public SocketAddress getLocalAddress() throws IOException {
        return descriptor.localAddress();
    }

    @Override
    public <T> SocketChannel setOption(SocketOption<T> option, T value) throws IOException {
        SocketOptions.require(this, descriptor, option);
        SocketOptions.set(descriptor, option, value);
        return this;
    }

    @Override
    @SuppressWarnings("unchecked") // the value is of the option's type
    public <T> T getOption(SocketOption<T> option) throws IOException {
        SocketOptions.require(this, descriptor, option);
        return (T) SocketOptions.get(descriptor, option);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return SocketOptions.supported(this, descriptor.family);
    }

    @Override
    public Socket socket() {
        throw new UnsupportedOperationException("a channel of io_uring has no Socket");
    }

    // Lifetime

    @Override
    protected void implCloseSelectableChannel() {
        SocketLifetime.close(this, key);
    }

    @Override
    protected void implConfigureBlocking(boolean block) {}

    @Override
    public SelectableChannel channel() {
        return this;
    }

    @Override
    public Descriptor descriptor() {
        return descriptor;
    }

    @Override
    public void registered(@Nullable UringKey next) {
        UringKey before = key;
        if (next != null && rest != null) {
            next.input.received().adopt(rest);
            rest = null;
        } else if (next == null && before != null && before.input.received().size() > 0) {
            rest = before.input.received();
        }
        key = next;
    }
}
