package dev.tenon.ws.transport.linux;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens selectors over an {@code io_uring}, and stream sockets for these selectors. */
final class UringProvider extends SelectorProvider {
    /** Delays the check of the default protocol family until its first use. */
    private static final class Internet {
        static final int FAMILY = hasInet6() ? SocketAddresses.AF_INET6 : SocketAddresses.AF_INET;
    }

    /** Whether the system has IPv6, by the rules of the JDK. */
    private static boolean hasInet6() {
        if (Boolean.getBoolean("java.net.preferIPv4Stack")) {
            return false;
        }
        try {
            Descriptor.open(SocketAddresses.AF_INET6).close();
            return !Files.readAllLines(Path.of("/proc/net/if_inet6")).isEmpty();
        } catch (IOException absent) {
            return false;
        }
    }

    private static int number(ProtocolFamily family) {
        if (family == StandardProtocolFamily.UNIX) {
            return SocketAddresses.AF_UNIX;
        }
        if (family == StandardProtocolFamily.INET) {
            return SocketAddresses.AF_INET;
        }
        if (family == StandardProtocolFamily.INET6) {
            return SocketAddresses.AF_INET6;
        }
        throw new UnsupportedOperationException(
                "the protocol family " + family + " is not supported: use INET or INET6");
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        return new UringSelector(this, RingSize.DEFAULT);
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        return new UringSocketChannel(this, Descriptor.open(Internet.FAMILY), null);
    }

    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
        return new UringSocketChannel(this, Descriptor.open(number(family)), null);
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        return new UringServerSocketChannel(this, Descriptor.open(Internet.FAMILY));
    }

    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        return new UringServerSocketChannel(this, Descriptor.open(number(family)));
    }

    @Override
    public DatagramChannel openDatagramChannel() {
        throw new UnsupportedOperationException("io_uring is used for stream sockets only");
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) {
        return openDatagramChannel();
    }

    @Override
    public Pipe openPipe() {
        throw new UnsupportedOperationException("io_uring is used for stream sockets only");
    }

    @Override
    public String toString() {
        return "io_uring";
    }
}
