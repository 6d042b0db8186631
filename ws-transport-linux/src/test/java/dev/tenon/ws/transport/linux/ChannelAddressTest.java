package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses, connects and socket options of channels. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChannelAddressTest extends ChannelTestBase {
    // Connecting and listening

    @Test
    void aConnectIsAcceptedAndBothEndsKnowTheirAddresses() throws Exception {
        try (ServerSocketChannel listener = listen(InetAddress.getByName("127.0.0.1"));
                SocketChannel near = provider.openSocketChannel()) {
            near.configureBlocking(false);
            assertNull(near.getRemoteAddress());
            assertNull(near.getLocalAddress());
            if (!near.connect(listener.getLocalAddress())) {
                assertTrue(near.isConnectionPending());
                await(near, SelectionKey.OP_CONNECT);
                assertTrue(near.finishConnect());
            }
            try (SocketChannel far = accept(listener)) {
                assertEquals(listener.getLocalAddress(), near.getRemoteAddress());
                assertEquals(near.getLocalAddress(), far.getRemoteAddress());
                assertEquals(near.getRemoteAddress(), far.getLocalAddress());
                assertThrows(AlreadyConnectedException.class, () -> near.connect(listener.getLocalAddress()));
                assertTrue(far.isConnected());
            }
            assertNull(listener.accept());
        }
    }

    @Test
    void aConnectThatIsRefusedClosesTheChannel() throws Exception {
        InetSocketAddress nobody;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = new InetSocketAddress(gone.getInetAddress(), gone.getLocalPort());
        }
        try (SocketChannel near = provider.openSocketChannel()) {
            near.configureBlocking(false);
            ConnectException refused = assertThrows(ConnectException.class, () -> {
                if (!near.connect(nobody)) {
                    await(near, SelectionKey.OP_CONNECT);
                    near.finishConnect();
                }
            });
            assertEquals("Connection refused", refused.getMessage());
            assertFalse(near.isOpen());
        }
    }

    @Test
    void addressesOfIpv6Work() throws Exception {
        InetAddress loopback = InetAddress.getByName("::1");
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(loopback, 0));
        } catch (IOException absent) {
            assumeTrue(false, "the system has no ::1");
        }
        try (ServerSocketChannel listener = listen(loopback);
                Socket peer = new Socket()) {
            peer.connect(listener.getLocalAddress());
            try (SocketChannel far = accept(listener)) {
                InetSocketAddress remote = (InetSocketAddress) far.getRemoteAddress();
                assertTrue(remote.getAddress() instanceof Inet6Address, remote.toString());
                assertEquals(peer.getLocalSocketAddress(), remote);
            }
        }
    }

    /** As with NIO. The wildcard address of IPv6 alone would reach ::1 only. */
    @ParameterizedTest
    @CsvSource({"0.0.0.0, 127.0.0.1", "::, ::1"})
    void aConnectToAWildcardAddressReachesTheLoopbackAddressOfItsFamily(String wildcard, String loopback)
            throws Exception {
        try (ServerSocketChannel listener = listen(InetAddress.getByName(loopback));
                SocketChannel near = provider.openSocketChannel()) {
            near.configureBlocking(false);
            int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            if (!near.connect(new InetSocketAddress(wildcard, port))) {
                await(near, SelectionKey.OP_CONNECT);
                assertTrue(near.finishConnect());
            }
            try (SocketChannel far = accept(listener)) {
                assertEquals(near.getLocalAddress(), far.getRemoteAddress());
                assertEquals(listener.getLocalAddress(), near.getRemoteAddress());
            }
        } catch (BindException absent) {
            assumeTrue(false, "the system has no " + loopback);
        }
    }

    @Test
    void aWildcardAddressListensOnIpv4AndIpv6() throws Exception {
        try (ServerSocketChannel listener = provider.openServerSocketChannel().bind(new InetSocketAddress(0))) {
            listener.configureBlocking(false);
            int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            try (Socket peer = new Socket("127.0.0.1", port);
                    SocketChannel far = accept(listener)) {
                assertEquals(peer.getLocalSocketAddress(), far.getRemoteAddress());
            }
        }
    }

    @Test
    void socketsOfTheUnixDomainWork(@TempDir Path folder) throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("söcket"));
        try (ServerSocketChannel listener = provider.openServerSocketChannel(StandardProtocolFamily.UNIX);
                SocketChannel peer = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.configureBlocking(false);
            listener.bind(address, 8);
            assertEquals(address, listener.getLocalAddress());
            assertTrue(peer.connect(address));
            try (SocketChannel far = accept(listener)) {
                assertEquals(UnixDomainSocketAddress.of(""), far.getRemoteAddress());
                assertFalse(far.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY));
                peer.write(ByteBuffer.wrap(new byte[] {1, 2}));
                await(far, SelectionKey.OP_READ);
                assertEquals(2, far.read(ByteBuffer.allocate(4)));
            }
        }
    }

    /** A connect to a socket of the Unix domain succeeds or fails at once. */
    @Test
    void aConnectMayEndAtOnce(@TempDir Path folder) throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("socket"));
        try (ServerSocketChannel listener = provider.openServerSocketChannel(StandardProtocolFamily.UNIX);
                SocketChannel failing = provider.openSocketChannel(StandardProtocolFamily.UNIX);
                SocketChannel near = provider.openSocketChannel(StandardProtocolFamily.UNIX)) {
            failing.configureBlocking(false);
            near.configureBlocking(false);
            assertThrows(IOException.class, () -> failing.connect(address));
            assertFalse(failing.isOpen());
            listener.bind(address);
            assertTrue(near.connect(address));
            assertTrue(near.isConnected());
            assertEquals(address, near.getRemoteAddress());
        }
    }

    @Test
    void anAddressInUseIsNamedInTheError() throws Exception {
        try (ServerSocketChannel listener = listen(InetAddress.getLoopbackAddress());
                ServerSocketChannel second = provider.openServerSocketChannel()) {
            IOException inUse = assertThrows(BindException.class, () -> second.bind(listener.getLocalAddress()));
            assertEquals("Address already in use", inUse.getMessage());
        }
    }

    @Test
    void optionsAreSetAndRead() throws Exception {
        try (Pair pair = Pair.open(provider);
                ServerSocketChannel listener = provider.openServerSocketChannel()) {
            SocketChannel channel = pair.channel();
            assertFalse(channel.getOption(StandardSocketOptions.TCP_NODELAY));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            assertTrue(channel.getOption(StandardSocketOptions.TCP_NODELAY));
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            assertTrue(channel.getOption(StandardSocketOptions.SO_KEEPALIVE));
            channel.setOption(StandardSocketOptions.SO_RCVBUF, 20_000);
            assertEquals(20_000, channel.getOption(StandardSocketOptions.SO_RCVBUF));
            assertEquals(-1, channel.getOption(StandardSocketOptions.SO_LINGER));
            channel.setOption(StandardSocketOptions.SO_LINGER, 3);
            assertEquals(3, channel.getOption(StandardSocketOptions.SO_LINGER));
            channel.setOption(StandardSocketOptions.IP_TOS, 0x10);
            assertEquals(0x10, channel.getOption(StandardSocketOptions.IP_TOS));
            listener.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            assertTrue(listener.getOption(StandardSocketOptions.SO_REUSEPORT));
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> listener.setOption(StandardSocketOptions.TCP_NODELAY, true));
            assertTrue(channel.supportedOptions().stream()
                    .anyMatch(option -> option.name().equals("TCP_KEEPIDLE")));
        }
    }
}
