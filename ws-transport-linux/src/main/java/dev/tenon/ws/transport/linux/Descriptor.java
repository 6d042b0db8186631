package dev.tenon.ws.transport.linux;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * The descriptor of a socket. As soon as it is closed, the system may give its number to another socket. So code that
 * uses the number must hold this object's monitor, or must run on the only thread that may close the descriptor: the
 * thread of the selector with which the channel is registered.
 */
final class Descriptor {
    static final int SHUT_WR = 1;
    private static final int SOCK_STREAM = 1;
    static final int SOCK_FLAGS = 0x800 | 0x80000; // SOCK_NONBLOCK | SOCK_CLOEXEC
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;

    final int family;
    private volatile int fd;

    Descriptor(int fd, int family) {
        this.fd = fd;
        this.family = family;
    }

    /** Opens a non-blocking stream socket. A socket of IPv6 accepts IPv4 too. */
    static Descriptor open(int family) throws IOException {
        int fd = Libc.socket(family, SOCK_STREAM | SOCK_FLAGS, 0);
        if (fd < 0) {
            throw Errno.socket(-fd);
        }
        return withOptions(fd, family);
    }

    /** Sets the options that each socket of a family has. If that fails, closes the socket. */
    static Descriptor withOptions(int fd, int family) throws IOException {
        Descriptor opened = new Descriptor(fd, family);
        try {
            if (family == SocketAddresses.AF_INET6) {
                SocketOptions.set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
            }
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    boolean isOpen() {
        return fd >= 0;
    }

    /** The number of the descriptor. It is -1 after {@link #close}; system calls with -1 fail. */
    int number() {
        return fd;
    }

    int require() throws ClosedChannelException {
        int number = fd;
        if (number < 0) {
            throw new ClosedChannelException();
        }
        return number;
    }

    synchronized void close() {
        int number = fd;
        if (number >= 0) {
            fd = -1;
            Libc.close(number);
        }
    }

    synchronized void shutdown(int how) throws IOException {
        int result = Libc.shutdown(require(), how);
        if (result < 0 && result != -Errno.ENOTCONN) {
            throw Errno.socket(-result);
        }
    }

    synchronized void bind(@Nullable SocketAddress address) throws IOException {
        MemorySegment value = Scratch.here().value;
        int length = SocketAddresses.write(address, family, value);
        int result = Libc.bind(require(), value.address(), length);
        if (result < 0) {
            throw Errno.socket(-result);
        }
    }

    /** Starts to connect. Returns 0 or {@code -errno}. */
    synchronized int connect(SocketAddress address) throws IOException {
        MemorySegment value = Scratch.here().value;
        int length = SocketAddresses.write(address, family, value);
        return Libc.connect(require(), value.address(), length);
    }

    /** Returns the address to which the socket is bound; the wildcard address if it is not bound. */
    synchronized SocketAddress localAddress() throws IOException {
        Scratch scratch = Scratch.here();
        int result = Libc.getsockname(require(), scratch.value.address(), scratch.length(SocketAddresses.MOST_BYTES));
        if (result < 0) {
            throw Errno.socket(-result);
        }
        return SocketAddresses.read(scratch.value, scratch.length());
    }

    /** Whether the socket is connected. */
    synchronized boolean hasPeer() throws IOException {
        Scratch scratch = Scratch.here();
        return Libc.getpeername(require(), scratch.value.address(), scratch.length(SocketAddresses.MOST_BYTES)) >= 0;
    }
}
