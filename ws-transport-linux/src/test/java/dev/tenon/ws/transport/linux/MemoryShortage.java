package dev.tenon.ws.transport.linux;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A process that has no direct memory left when a socket does not take all bytes of a write. It prints what happens to
 * the connection, and to another one of the same selector.
 */
final class MemoryShortage {
    private final Selector selector;
    private final Pair slow;
    private final Pair other;
    private final ByteArrayOutputStream accepted = new ByteArrayOutputStream();

    private MemoryShortage(Selector selector, Pair slow, Pair other) {
        this.selector = selector;
        this.slow = slow;
        this.other = other;
    }

    public static void main(String[] arguments) throws Exception {
        closeByAFreshThread(IoUring.required());
        for (int large : new int[] {0, 5000}) { // a large write first sends the small one before it
            SelectorProvider provider = IoUring.required();
            try (Selector selector = provider.openSelector();
                    Pair slow = Pair.open(provider);
                    Pair other = Pair.open(provider)) {
                new MemoryShortage(selector, slow, other).run(large);
            }
        }
    }

    /** The thread has called no function of the C library before, and there is no memory for what it needs. */
    private static void closeByAFreshThread(SelectorProvider provider) throws Exception {
        try (ServerSocketChannel listener = provider.openServerSocketChannel();
                SocketChannel peer = SocketChannel.open()) {
            listener.configureBlocking(false);
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            peer.connect(listener.getLocalAddress());
            long before = Kernel.descriptors();
            SocketChannel accepted = accept(listener);
            Selector selector = provider.openSelector();
            List<ByteBuffer> hoard = takeAllMemory();
            Thread fresh = new Thread(() -> close(accepted, selector));
            fresh.start();
            fresh.join();
            System.out.println("pieces of memory: " + (hoard.size() > 1));
            System.out.println("descriptors left: " + (Kernel.descriptors() - before));
        }
    }

    private static SocketChannel accept(ServerSocketChannel listener) throws IOException {
        while (true) {
            SocketChannel accepted = listener.accept();
            if (accepted != null) {
                return accepted;
            }
        }
    }

    private static void close(SocketChannel channel, Selector selector) {
        try (selector;
                channel) {
            assert channel.isOpen();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(int large) throws IOException {
        slow.channel().setOption(StandardSocketOptions.SO_SNDBUF, 8 * 1024); // fixed sizes, which do not grow later
        slow.peer().setReceiveBufferSize(8 * 1024);
        slow.channel().register(selector, SelectionKey.OP_READ);
        other.channel().register(selector, SelectionKey.OP_READ);
        selector.selectNow();
        write(large); // this thread allocates its memory for copies
        List<ByteBuffer> hoard = takeAllMemory();
        fill(large);
        System.out.println("the other one writes: " + other.channel().write(ByteBuffer.wrap(new byte[] {7})));
        selector.selectNow();
        System.out.println("pieces of memory: " + (hoard.size() > 1));
        hoard.clear(); // a plain socket needs direct memory to read
        System.out.println(
                "the other peer reads: " + other.peer().getInputStream().read());
        slow.channel().close();
        CompletableFuture<byte[]> got = CompletableFuture.supplyAsync(this::readAll);
        while (!got.isDone()) {
            selector.select(10);
        }
        System.out.println("all bytes arrive: " + Arrays.equals(accepted.toByteArray(), got.join()));
    }

    /** Writes until the channel accepts nothing more, because bytes wait that the socket has not taken. */
    private void fill(int large) throws IOException {
        SelectionKey key = slow.channel().keyFor(selector);
        while (((UringKey) key).output.isReady()) {
            write(1000);
            if (large == 0 || write(large) == 0) {
                selector.selectNow();
            }
        }
    }

    private int write(int length) throws IOException {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (((accepted.size() + i) * 31) >>> 4);
        }
        int written = slow.channel().write(ByteBuffer.wrap(bytes));
        accepted.write(bytes, 0, written);
        return written;
    }

    private byte[] readAll() {
        try {
            return slow.peer().getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<ByteBuffer> takeAllMemory() {
        List<ByteBuffer> all = new ArrayList<>();
        for (int size = 1 << 20; size >= 64; size /= 128) {
            try {
                while (true) {
                    all.add(ByteBuffer.allocateDirect(size));
                }
            } catch (OutOfMemoryError exhausted) {
                // the next size may still fit
            }
        }
        return all;
    }
}
