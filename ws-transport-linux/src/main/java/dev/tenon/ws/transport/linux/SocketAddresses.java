package dev.tenon.ws.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import org.jspecify.annotations.Nullable;

/** Reads and writes {@code struct sockaddr_in}, {@code sockaddr_in6} and {@code sockaddr_un}. */
final class SocketAddresses {
    static final int AF_UNIX = 1;
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    /** An upper bound of the length of these structures, in bytes. */
    static final int MOST_BYTES = 112;

    private static final ValueLayout.OfShort PORT = JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final byte[] LOOPBACK4 = {127, 0, 0, 1};
    private static final byte[] LOOPBACK6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    private static final int MOST_PATH = 107;
    /** The charset of file names, which is the one that the JDK uses. */
    private static final Charset FILE_NAMES =
            Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"), Charset.defaultCharset());

    private SocketAddresses() {}

    /** Writes an address for a socket of a family. Returns the length of the written structure. */
    static int write(@Nullable SocketAddress address, int family, MemorySegment to) throws IOException {
        to.asSlice(0, MOST_BYTES).fill((byte) 0);
        to.set(JAVA_SHORT_UNALIGNED, 0, (short) family);
        if (family == AF_UNIX && address instanceof UnixDomainSocketAddress local) {
            return writePath(local, to);
        }
        if (family != AF_UNIX && address instanceof InetSocketAddress internet) {
            if (internet.isUnresolved()) {
                throw new UnresolvedAddressException();
            }
            to.set(PORT, 2, (short) internet.getPort());
            return family == AF_INET ? writeInet4(internet.getAddress(), to) : writeInet6(internet.getAddress(), to);
        }
        throw new UnsupportedAddressTypeException();
    }

    /**
     * Returns the address to which a connect to an address goes. For a wildcard address it is the loopback address of
     * the same family, as for the JDK's channels.
     */
    static SocketAddress target(SocketAddress address) throws UnknownHostException {
        if (address instanceof InetSocketAddress internet
                && !internet.isUnresolved()
                && internet.getAddress().isAnyLocalAddress()) {
            byte[] loopback = internet.getAddress() instanceof Inet4Address ? LOOPBACK4 : LOOPBACK6;
            return new InetSocketAddress(InetAddress.getByAddress(loopback), internet.getPort());
        }
        return address;
    }

    private static int writePath(UnixDomainSocketAddress local, MemorySegment to) throws IOException {
        byte[] path = local.getPath().toString().getBytes(FILE_NAMES);
        if (path.length == 0 || path.length > MOST_PATH) {
            throw new SocketException(
                    "the path of a Unix domain socket has 1 to " + MOST_PATH + " bytes, not " + path.length);
        }
        MemorySegment.copy(path, 0, to, JAVA_BYTE, 2, path.length);
        return 2 + path.length + 1;
    }

    private static int writeInet4(InetAddress address, MemorySegment to) {
        if (!(address instanceof Inet4Address)) {
            throw new UnsupportedAddressTypeException();
        }
        MemorySegment.copy(address.getAddress(), 0, to, JAVA_BYTE, 4, 4);
        return 16;
    }

    /**
     * Maps an IPv4 address to IPv6 (RFC 4291 §2.5.5.2). The wildcard address of IPv4 becomes the wildcard address of
     * IPv6.
     */
    private static int writeInet6(InetAddress address, MemorySegment to) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet6Address scoped) {
            MemorySegment.copy(bytes, 0, to, JAVA_BYTE, 8, 16);
            to.set(JAVA_INT_UNALIGNED, 24, scoped.getScopeId());
        } else if (!address.isAnyLocalAddress()) {
            to.set(JAVA_SHORT_UNALIGNED, 18, (short) 0xFFFF);
            MemorySegment.copy(bytes, 0, to, JAVA_BYTE, 20, 4);
        }
        return 28;
    }

    /** Reads an address of any of the three families. */
    static SocketAddress read(MemorySegment from, int length) throws UnknownHostException {
        int family = length < 2 ? AF_UNIX : from.get(JAVA_SHORT_UNALIGNED, 0);
        return switch (family) {
            case AF_INET -> new InetSocketAddress(InetAddress.getByAddress(bytes(from, 4, 4)), port(from));
            case AF_INET6 -> new InetSocketAddress(inet6(from), port(from));
            default -> local(path(from, length));
        };
    }

    /** Another process may have chosen a path that is no path in the charset of this one. It becomes the empty one. */
    private static SocketAddress local(String path) {
        try {
            return UnixDomainSocketAddress.of(path);
        } catch (InvalidPathException undecodable) {
            return UnixDomainSocketAddress.of("");
        }
    }

    private static int port(MemorySegment from) {
        return Short.toUnsignedInt(from.get(PORT, 2));
    }

    private static InetAddress inet6(MemorySegment from) throws UnknownHostException {
        InetAddress address = InetAddress.getByAddress(bytes(from, 8, 16)); // an Inet4Address if it is a mapped one
        int scope = from.get(JAVA_INT_UNALIGNED, 24);
        return scope != 0 && address instanceof Inet6Address
                ? Inet6Address.getByAddress(null, address.getAddress(), scope)
                : address;
    }

    /** Reads a path without its terminating zero. The path of an unnamed or abstract socket is empty. */
    private static String path(MemorySegment from, int length) {
        byte[] path = bytes(from, 2, Math.max(0, length - 2));
        int end = 0;
        while (end < path.length && path[end] != 0) {
            end++;
        }
        return new String(path, 0, end, FILE_NAMES);
    }

    private static byte[] bytes(MemorySegment from, long offset, int length) {
        return from.asSlice(offset, length).toArray(JAVA_BYTE);
    }
}
