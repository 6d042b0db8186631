package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What users of other event loops have reported, over io_uring and over NIO. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FaultsOfOthersTest {
    private static final long LONG = 20_000;
    private static final int BACKLOG = 1;

    enum Sockets {
        IO_URING {
            @Override
            SelectorProvider provider() {
                return Kernel.provider();
            }
        },
        NIO {
            @Override
            SelectorProvider provider() {
                return SelectorProvider.provider();
            }
        };

        abstract SelectorProvider provider();
    }

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    @AfterEach
    void close() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    private <T extends AutoCloseable> T closedLater(T resource) {
        opened.push(resource);
        return resource;
    }

    private static Thread start(Runnable task) {
        Thread thread = new Thread(task);
        thread.start();
        return thread;
    }

    /** netty/netty#10615 and #13700: the wake-up was written to a descriptor that another socket had got. */
    @ParameterizedTest
    @EnumSource
    void aWakeupOfAClosedSelectorTouchesNoOtherDescriptor(Sockets sockets) throws Exception {
        SelectorProvider provider = sockets.provider();
        for (int i = 0; i < 50; i++) {
            Selector selector = provider.openSelector();
            Thread waker = start(() -> {
                for (int j = 0; j < 20; j++) {
                    selector.wakeup();
                }
            });
            selector.close();
            try (Pair pair = Pair.open(provider)) {
                waker.join();
                selector.wakeup();
                assertEquals(0, pair.channel().read(ByteBuffer.allocate(16)));
                assertEquals(0, pair.peer().getInputStream().available());
            }
        }
    }

    /** netty/netty-incubator-transport-io_uring#227: a loop that was stopped at once waited forever. */
    @ParameterizedTest
    @EnumSource
    void aSelectorThatIsClosedAtOnceEndsItsThread(Sockets sockets) throws Exception {
        SelectorProvider provider = sockets.provider();
        for (int i = 0; i < 50; i++) {
            Selector selector = provider.openSelector();
            Thread thread = start(() -> {
                try {
                    while (true) {
                        selector.select();
                    }
                } catch (ClosedSelectorException closed) {
                    // this is the end
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            selector.close();
            thread.join();
        }
    }

    /** netty/netty#14002: the end of a connect that was given up came to the next socket with the same descriptor. */
    @ParameterizedTest
    @EnumSource
    void aConnectThatIsGivenUpDoesNotConnectItsSuccessor(Sockets sockets) throws Exception {
        SelectorProvider provider = sockets.provider();
        ServerSocketChannel full = closedLater(provider.openServerSocketChannel());
        full.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        SocketAddress address = full.getLocalAddress();
        for (int i = 0; i < 2 * BACKLOG + 1; i++) { // Linux keeps one more than the backlog
            closedLater(connecting(provider, address));
        }
        Selector selector = closedLater(provider.openSelector());
        for (int i = 0; i < 20; i++) {
            SocketChannel channel = connecting(provider, address);
            channel.register(selector, SelectionKey.OP_CONNECT);
            assertEquals(0, selector.selectNow(key -> {}), "a connect to a listener that accepts nothing");
            assertFalse(channel.finishConnect());
            channel.close();
        }
    }

    private static SocketChannel connecting(SelectorProvider provider, SocketAddress address) throws IOException {
        SocketChannel channel = provider.openSocketChannel();
        channel.configureBlocking(false);
        channel.connect(address);
        return channel;
    }

    /** netty/netty#17394: after the end of one direction the other one goes on. */
    @ParameterizedTest
    @EnumSource
    void afterTheInputIsShutDownTheOutputGoesOn(Sockets sockets) throws Exception {
        SelectorProvider provider = sockets.provider();
        Selector selector = closedLater(provider.openSelector());
        Pair pair = closedLater(Pair.open(provider));
        pair.channel().register(selector, SelectionKey.OP_READ);
        selector.selectNow();
        pair.channel().shutdownInput();
        assertEquals(1, selector.select(key -> assertTrue(key.isReadable()), LONG));
        assertEquals(-1, pair.channel().read(ByteBuffer.allocate(1)));
        assertEquals(1, pair.channel().write(ByteBuffer.wrap(new byte[] {7})));
        selector.selectNow(key -> {});
        assertEquals(7, pair.peer().getInputStream().read());
    }

    /** eclipse-vertx/vert.x#2338: writes to a connection that the peer had reset failed without an end. */
    @ParameterizedTest
    @EnumSource
    void aResetWhileBytesWaitIsReportedOnceAndTheConnectionCanBeClosed(Sockets sockets) throws Exception {
        SelectorProvider provider = sockets.provider();
        Selector selector = closedLater(provider.openSelector());
        Pair pair = closedLater(Pair.open(provider));
        SelectionKey key = pair.channel().register(selector, SelectionKey.OP_READ);
        ByteBuffer much = ByteBuffer.allocateDirect(1 << 20);
        while (pair.channel().write(much.clear()) > 0) {
            selector.selectNow(each -> {});
        }
        key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        pair.peer().setSoLinger(true, 0);
        pair.peer().close();
        assertEquals(1, selector.select(each -> {}, LONG));
        assertThrows(IOException.class, () -> {
            while (pair.channel().read(much.clear()) >= 0) {
                selector.select(each -> {}, LONG);
            }
        });
        pair.channel().close();
        while (!selector.keys().isEmpty()) {
            selector.select(each -> {}, 10);
        }
        assertFalse(key.isValid());
    }

    /** netty/netty#17237: after a shutdown of the output during a write, the connection was never closed. */
    @ParameterizedTest
    @EnumSource
    void aCloseAfterAShutdownDuringAWriteEndsTheConnection(Sockets sockets) throws Exception {
        SelectorProvider provider = sockets.provider();
        Selector selector = closedLater(provider.openSelector());
        Pair pair = closedLater(Pair.open(provider));
        pair.channel().register(selector, SelectionKey.OP_READ);
        int accepted = 0;
        for (int refused = 0; refused < 100; ) {
            int written = pair.channel().write(ByteBuffer.allocate(4000));
            accepted += written;
            refused = written > 0 ? 0 : refused + 1;
            selector.selectNow(each -> {});
        }
        pair.channel().shutdownOutput();
        pair.channel().close();
        selector.selectNow(each -> {});
        int all = accepted;
        CompletableFuture<Integer> end = CompletableFuture.supplyAsync(() -> readEnd(pair.peer(), all));
        while (!end.isDone() || !selector.keys().isEmpty()) {
            selector.select(each -> {}, 10);
        }
        assertEquals(-1, end.get());
    }

    private static int readEnd(Socket socket, int before) {
        try {
            socket.getInputStream().skipNBytes(before);
            return socket.getInputStream().read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** netty/netty#14989 and #15510: a connection that was paused and resumed while bytes arrived read nothing more. */
    @ParameterizedTest
    @EnumSource
    void aConnectionThatIsResumedBeforeItHasPausedGoesOn(Sockets sockets) throws Exception {
        SelectorProvider provider = sockets.provider();
        Selector selector = closedLater(provider.openSelector());
        Pair pair = closedLater(Pair.open(provider));
        SelectionKey key = pair.channel().register(selector, SelectionKey.OP_READ);
        ByteBuffer into = ByteBuffer.allocate(16);
        for (int i = 0; i < 200; i++) {
            key.interestOps(0);
            if (i % 2 == 0) {
                selector.selectNow(each -> {}); // the kernel is told to pause
            }
            pair.peer().getOutputStream().write(i);
            if (i % 3 == 0) {
                selector.selectNow(each -> {});
            }
            key.interestOps(SelectionKey.OP_READ);
            while (pair.channel().read(into.clear()) == 0) {
                assertTrue(selector.select(each -> {}, LONG) > 0, "the connection reads nothing more");
            }
            assertEquals(1, into.position());
            assertEquals((byte) i, into.get(0));
        }
    }

    /** jetty/jetty.project#354: a connection that could not be accepted kept the others from being accepted. */
    @ParameterizedTest
    @EnumSource
    void aConnectionThatIsResetBeforeItIsAcceptedDisturbsNoOther(Sockets sockets) throws Exception {
        SelectorProvider provider = sockets.provider();
        Selector selector = closedLater(provider.openSelector());
        ServerSocketChannel listener = closedLater(provider.openServerSocketChannel());
        listener.configureBlocking(false);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        listener.register(selector, SelectionKey.OP_ACCEPT);
        InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
        for (int i = 0; i < 3; i++) {
            Socket gone = new Socket(address.getAddress(), address.getPort());
            gone.setSoLinger(true, 0);
            gone.close();
        }
        Socket stays = closedLater(new Socket(address.getAddress(), address.getPort()));
        SocketAddress expected = stays.getLocalSocketAddress();
        boolean accepted = false;
        while (!accepted) {
            assertEquals(1, selector.select(key -> assertTrue(key.isAcceptable()), LONG));
            for (SocketChannel next; (next = listener.accept()) != null; ) {
                assertNotNull(closedLater(next));
                accepted |= expected.equals(next.getRemoteAddress());
            }
        }
    }

    /** The bytes and the reset arrive while the connection is paused. */
    @ParameterizedTest
    @EnumSource
    void aResetBehindTheLastBytesIsReported(Sockets sockets) throws Exception {
        SelectorProvider provider = sockets.provider();
        Selector selector = closedLater(provider.openSelector());
        Pair pair = closedLater(Pair.open(provider));
        SelectionKey key = pair.channel().register(selector, 0);
        selector.selectNow();
        pair.peer().getOutputStream().write(new byte[2]);
        pair.peer().setSoLinger(true, 0);
        pair.peer().close();
        key.interestOps(SelectionKey.OP_READ);
        ByteBuffer into = ByteBuffer.allocate(16);
        assertThrows(IOException.class, () -> {
            do {
                assertTrue(selector.select(each -> {}, 2_000) > 0, "the reset is not reported");
            } while (pair.channel().read(into) >= 0);
        });
        assertEquals(2, into.position());
    }
}
