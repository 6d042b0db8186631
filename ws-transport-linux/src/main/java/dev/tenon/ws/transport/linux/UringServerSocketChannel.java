package dev.tenon.ws.transport.linux;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A listening socket. It accepts in non-blocking mode only. */
final class UringServerSocketChannel extends ServerSocketChannel implements RegisteredChannel {
    private static final int DEFAULT_BACKLOG = 50;

    private final Descriptor descriptor;
    private volatile @Nullable UringKey key;
    private volatile @Nullable SocketAddress local;

    UringServerSocketChannel(SelectorProvider provider, Descriptor descriptor) {
        super(provider);
        this.descriptor = descriptor;
    }

    @Override
    public ServerSocketChannel bind(@Nullable SocketAddress address, int backlog) throws IOException {
        descriptor.require();
        if (local != null) {
            throw new AlreadyBoundException();
        }
        boolean internet = descriptor.family != SocketAddresses.AF_UNIX;
        descriptor.bind(address == null && internet ? new InetSocketAddress(0) : address);
        int result = Libc.listen(descriptor.require(), backlog < 1 ? DEFAULT_BACKLOG : backlog);
        if (result < 0) {
            throw Errno.socket(-result);
        }
        local = internet ? descriptor.localAddress() : address;
        return this;
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        descriptor.require();
        return local;
    }

    @Override
    public @Nullable SocketChannel accept() throws IOException {
        descriptor.require();
        if (local == null) {
            throw new NotYetBoundException();
        }
        if (isBlocking()) {
            throw new IllegalBlockingModeException();
        }
        UringKey registered = key;
        if (registered != null && registered.selector().isOwner()) {
            return acceptNow();
        }
        synchronized (descriptor) {
            return acceptNow();
        }
    }

    private @Nullable SocketChannel acceptNow() throws IOException {
        Scratch scratch = Scratch.here();
        while (true) {
            int fd = Libc.accept(
                    descriptor.require(),
                    scratch.value.address(),
                    scratch.length(SocketAddresses.MOST_BYTES),
                    Descriptor.SOCK_FLAGS);
            if (fd >= 0) {
                SocketAddress remote = SocketAddresses.read(scratch.value, scratch.length());
                return new UringSocketChannel(provider(), new Descriptor(fd, descriptor.family), remote);
            }
            if (fd == -Errno.EAGAIN) {
                return null;
            }
            if (fd != -Errno.EINTR && fd != -Errno.ECONNABORTED) {
                throw new IOException(Libc.describe(-fd));
            }
        }
    }

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> option, T value) throws IOException {
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
    public ServerSocket socket() {
        throw new UnsupportedOperationException("a channel of io_uring has no ServerSocket: use the channel itself");
    }

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
        key = next;
    }
}
