package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NoConnectionPendingException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The guarantees of the channels of {@code java.nio} that event loops need. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChannelTest {
    private static final long LONG = 20_000;

    private SelectorProvider provider;
    private Selector selector;

    @BeforeEach
    void open() throws IOException {
        provider = Kernel.provider();
        selector = provider.openSelector();
    }

    @AfterEach
    void close() throws IOException {
        selector.close();
    }

    private void await(SocketChannel channel, int ops) throws IOException {
        SelectionKey key = channel.keyFor(selector);
        if (key == null) {
            key = channel.register(selector, ops);
        } else {
            key.interestOps(ops);
        }
        int[] ready = new int[1];
        while ((ready[0] & ops) == 0) {
            assertTrue(selector.select(each -> ready[0] |= each.readyOps(), LONG) > 0, "nothing is ready");
        }
    }

    private ServerSocketChannel listen(InetAddress at) throws IOException {
        ServerSocketChannel listener = provider.openServerSocketChannel();
        listener.configureBlocking(false);
        return listener.bind(new InetSocketAddress(at, 0));
    }

    private SocketChannel accept(ServerSocketChannel listener) throws IOException {
        if (listener.keyFor(selector) == null) {
            listener.register(selector, SelectionKey.OP_ACCEPT);
        }
        while (true) {
            SocketChannel accepted = listener.accept();
            if (accepted != null) {
                accepted.configureBlocking(false);
                return accepted;
            }
            assertTrue(selector.select(key -> {}, LONG) > 0, "no key becomes ready");
        }
    }

    @Test
    void bytesGoBothWaysHoweverMany() throws Exception {
        byte[] sent = new byte[6_000_000];
        new Random(5).nextBytes(sent);
        try (Pair pair = Pair.open(provider)) {
            CompletableFuture<byte[]> echoed = CompletableFuture.supplyAsync(() -> exchange(pair.peer(), sent));
            ByteBuffer into = ByteBuffer.allocateDirect(48_000);
            int total = 0;
            while (total < sent.length) {
                await(pair.channel(), SelectionKey.OP_READ);
                int read = pair.channel().read(into.clear());
                total += read;
                into.flip();
                while (into.hasRemaining()) {
                    if (pair.channel().write(into) == 0) {
                        await(pair.channel(), SelectionKey.OP_WRITE);
                    }
                }
            }
            while (!echoed.isDone()) { // the last bytes leave with the next selects
                selector.select(key -> {}, 10);
            }
            assertArrayEquals(sent, echoed.get());
        }
    }

    /** Sends all bytes, and returns the same number of received bytes. */
    private static byte[] exchange(Socket peer, byte[] bytes) {
        Thread sender = new Thread(() -> {
            try {
                peer.getOutputStream().write(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        sender.start();
        try {
            return peer.getInputStream().readNBytes(bytes.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void buffersOfAllKindsLeaveInOrder() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            ByteBuffer[] parts = {
                ByteBuffer.wrap(new byte[] {0, 1, 2}, 1, 2),
                ByteBuffer.allocateDirect(2).put(0, (byte) 3).put(1, (byte) 4),
                ByteBuffer.allocate(0),
                ByteBuffer.wrap(new byte[3000]).asReadOnlyBuffer(),
                ByteBuffer.allocateDirect(5000)
            };
            assertEquals(8004, pair.channel().write(parts));
            byte[] got = pair.peer().getInputStream().readNBytes(8004);
            assertArrayEquals(new byte[] {1, 2, 3, 4, 0}, Arrays.copyOf(got, 5));
            for (ByteBuffer part : parts) {
                assertFalse(part.hasRemaining());
            }
        }
    }

    @Test
    void theEndOfThePeersDirectionIsReadAndOursStaysOpen() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            pair.peer().getOutputStream().write(5);
            pair.peer().shutdownOutput();
            await(pair.channel(), SelectionKey.OP_READ);
            ByteBuffer into = ByteBuffer.allocate(16);
            int read;
            while ((read = pair.channel().read(into)) >= 0) {
                if (read == 0) {
                    await(pair.channel(), SelectionKey.OP_READ);
                }
            }
            assertEquals(1, into.position());
            assertEquals(-1, pair.channel().read(into));
            pair.channel().write(ByteBuffer.wrap(new byte[] {6}));
            selector.selectNow();
            assertEquals(6, pair.peer().getInputStream().read());
            pair.channel().shutdownOutput();
            assertEquals(-1, pair.peer().getInputStream().read());
            assertThrows(ClosedChannelException.class, () -> pair.channel().write(ByteBuffer.allocate(1)));
        }
    }

    @Test
    @SuppressWarnings("try") // closed twice, once on purpose
    void aResetIsAFailure() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            pair.channel().register(selector, SelectionKey.OP_READ);
            selector.selectNow();
            pair.peer().setSoLinger(true, 0);
            pair.peer().close();
            await(pair.channel(), SelectionKey.OP_READ);
            IOException reset =
                    assertThrows(IOException.class, () -> pair.channel().read(ByteBuffer.allocate(1)));
            assertEquals("Connection reset", reset.getMessage());
            assertThrows(IOException.class, () -> {
                while (true) {
                    pair.channel().write(ByteBuffer.allocate(1));
                }
            });
        }
    }

    @Test
    void aPausedChannelReceivesNothingMoreAndGoesOnWhereItWas() throws Exception {
        try (Pair paused = Pair.open(provider);
                Pair other = Pair.open(provider)) {
            SelectionKey key = paused.channel().register(selector, SelectionKey.OP_READ);
            selector.selectNow();
            key.interestOps(0);
            byte[] much = new byte[3_000_000]; // more than all buffers of the selector
            new Random(3).nextBytes(much);
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                try {
                    paused.peer().getOutputStream().write(much);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            for (int i = 0; i < 100; i++) {
                other.peer().getOutputStream().write(i);
                await(other.channel(), SelectionKey.OP_READ);
                assertEquals(1, other.channel().read(ByteBuffer.allocate(4)));
            }
            ByteBuffer all = ByteBuffer.allocate(much.length);
            while (all.hasRemaining()) {
                await(paused.channel(), SelectionKey.OP_READ);
                paused.channel().read(all);
            }
            sending.get();
            assertArrayEquals(much, all.array());
        }
    }

    @Test
    @SuppressWarnings("try") // closed twice, once on purpose
    void oneThatReadsSlowlyKeepsNoOtherFromReceiving() throws Exception {
        try (Pair slow = Pair.open(provider);
                Pair other = Pair.open(provider)) {
            slow.channel().register(selector, SelectionKey.OP_READ);
            other.channel().register(selector, SelectionKey.OP_READ);
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                try {
                    slow.peer().getOutputStream().write(new byte[20_000_000]);
                } catch (IOException closed) {
                    // the test is over
                }
            });
            ByteBuffer little = ByteBuffer.allocate(100);
            for (int i = 0; i < 50; i++) {
                other.peer().getOutputStream().write(i);
                int[] got = new int[1];
                while (got[0] == 0) {
                    assertTrue(selector.select(key -> got[0] += readLittle(key, other.channel(), little), LONG) > 0);
                }
            }
            slow.close();
            sending.get();
        }
    }

    /** Reads up to 100 bytes; counts those of one channel. */
    private static int readLittle(SelectionKey key, SocketChannel counted, ByteBuffer into) {
        try {
            int read = ((SocketChannel) key.channel()).read(into.clear());
            return key.channel() == counted ? read : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aReadWithoutInterestReadsTheSocketItself() throws Exception {
        try (Pair pair = Pair.open(provider)) {
            assertEquals(0, pair.channel().read(ByteBuffer.allocate(1)));
            pair.channel().register(selector, 0);
            selector.selectNow();
            pair.peer().getOutputStream().write(8);
            ByteBuffer into = ByteBuffer.allocateDirect(4);
            while (into.position() == 0) {
                assertTrue(pair.channel().read(into) >= 0);
            }
            assertEquals(8, into.get(0));
        }
    }

    // Connecting and listening

    @Test
    void aConnectIsAcceptedAndBothEndsKnowTheirAddresses() throws Exception {
        try (ServerSocketChannel listener = listen(InetAddress.getByName("127.0.0.1"));
                SocketChannel near = provider.openSocketChannel()) {
            near.configureBlocking(false);
            assertNull(near.getRemoteAddress());
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

    @Test
    @SuppressWarnings("try") // closed twice, once on purpose
    void misuseIsReported() throws Exception {
        try (SocketChannel channel = provider.openSocketChannel();
                ServerSocketChannel listener = provider.openServerSocketChannel()) {
            InetSocketAddress somewhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
            assertThrows(IllegalBlockingModeException.class, () -> channel.connect(somewhere));
            channel.configureBlocking(false);
            assertThrows(NotYetConnectedException.class, () -> channel.read(ByteBuffer.allocate(1)));
            assertThrows(NotYetConnectedException.class, () -> channel.write(ByteBuffer.allocate(1)));
            assertThrows(NoConnectionPendingException.class, channel::finishConnect);
            assertThrows(
                    UnresolvedAddressException.class,
                    () -> channel.connect(InetSocketAddress.createUnresolved("nowhere.invalid", 1)));
            assertThrows(NotYetBoundException.class, listener::accept);
            channel.close();
            assertThrows(ClosedChannelException.class, () -> channel.read(ByteBuffer.allocate(1)));
            assertThrows(ClosedChannelException.class, () -> channel.getOption(StandardSocketOptions.SO_RCVBUF));
            assertThrows(ClosedChannelException.class, channel::getLocalAddress);
        }
    }

    // Closing

    @Test
    @SuppressWarnings("try") // closed twice, once on purpose
    void thePeerOfAClosedChannelSeesItsEndAtOnce() throws Exception {
        for (int ops :
                new int[] {SelectionKey.OP_READ, SelectionKey.OP_WRITE, SelectionKey.OP_READ | SelectionKey.OP_WRITE, 0
                }) {
            try (Pair pair = Pair.open(provider)) {
                pair.channel().register(selector, ops);
                selector.selectNow(key -> {});
                pair.channel().write(ByteBuffer.wrap(new byte[] {1}));
                pair.channel().close();
                selector.selectNow(key -> {});
                assertEquals(1, pair.peer().getInputStream().read());
                assertEquals(-1, pair.peer().getInputStream().read());
            }
        }
    }

    @Test
    @SuppressWarnings("try") // closed twice, once on purpose
    void aChannelThatAnotherThreadClosesIsClosedThoughTheSelectorSleeps() throws Exception {
        CompletableFuture<Void> over = new CompletableFuture<>();
        try (Pair pair = Pair.open(provider);
                ServerSocketChannel listener = listen(InetAddress.getLoopbackAddress())) {
            pair.channel().register(selector, SelectionKey.OP_READ);
            listener.register(selector, SelectionKey.OP_ACCEPT);
            selector.selectNow();
            Thread other = new Thread(() -> {
                try {
                    pair.channel().close();
                    listener.close();
                    if (pair.peer().getInputStream().read() == -1) {
                        over.complete(null);
                    }
                } catch (IOException e) {
                    over.completeExceptionally(e);
                } finally {
                    selector.wakeup();
                }
            });
            other.start();
            while (!over.isDone()) {
                selector.select(LONG);
            }
            over.get();
            assertTrue(pair.channel().keyFor(selector) == null
                    || !pair.channel().keyFor(selector).isValid());
        }
    }

    /** The next socket gets the same descriptor number: no request of the closed socket may affect it. */
    @Test
    void aSocketThatGetsTheNumberOfAClosedOneIsLeftAlone() throws Exception {
        for (int i = 0; i < 200; i++) {
            Pair before = Pair.open(provider);
            before.channel().register(selector, SelectionKey.OP_READ);
            selector.selectNow(key -> {});
            before.close();
            try (Pair after = Pair.open(provider)) {
                after.channel().register(selector, SelectionKey.OP_READ);
                after.peer().getOutputStream().write(i);
                await(after.channel(), SelectionKey.OP_READ);
                ByteBuffer into = ByteBuffer.allocate(2);
                assertEquals(1, after.channel().read(into));
                assertEquals((byte) i, into.get(0));
            }
        }
        assertNotNull(selector.keys());
    }
}
