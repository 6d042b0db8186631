package dev.tenon.ws.transport.linux;

import java.io.FileInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A process with few descriptors, little memory for buffers, and file names in ASCII only. It prints what still works.
 */
final class Shortage {
    /** Each of so many threads or attempts may keep 100 KiB at most, or the memory is exhausted. */
    private static final int MANY = 200;

    private static final int STREAM = 1;

    private Shortage() {}

    public static void main(String[] arguments) throws Exception {
        SelectorProvider provider = IoUring.required();
        acceptWithoutDescriptors(provider);
        openWrongRings(provider);
        acceptStrangeName(provider);
        wakeByManyThreads(provider);
    }

    /** The path of the peer is no path in the charset of this process. */
    private static void acceptStrangeName(SelectorProvider provider) throws IOException {
        Path folder = Files.createTempDirectory("tenon");
        Path name = folder.resolve("listener");
        try (ServerSocketChannel listener = provider.openServerSocketChannel(StandardProtocolFamily.UNIX)) {
            listener.configureBlocking(false);
            listener.bind(UnixDomainSocketAddress.of(name));
            int peer = Libc.socket(SocketAddresses.AF_UNIX, STREAM, 0);
            MemorySegment address = Scratch.here().value;
            int length = SocketAddresses.write(UnixDomainSocketAddress.of(folder.resolve("p")), 1, address);
            address.set(ValueLayout.JAVA_BYTE, length - 2L, (byte) 0xFF);
            int bound = Libc.bind(peer, address.address(), length);
            length = SocketAddresses.write(UnixDomainSocketAddress.of(name), 1, address);
            int connected = Libc.connect(peer, address.address(), length);
            try (SocketChannel accepted = listener.accept()) {
                System.out.println("strange name: " + bound + connected + accepted.getRemoteAddress());
            }
            Libc.close(peer);
        }
    }

    /** Opens rings of a size that the kernel rejects. */
    private static void openWrongRings(SelectorProvider provider) {
        int rejected = 0;
        for (int i = 0; i < MANY; i++) {
            try (Selector unexpected = new UringSelector(provider, new RingSize(4, 0))) {
                System.out.println("opened " + unexpected);
            } catch (IOException e) {
                rejected++;
            }
        }
        System.out.println("rejected: " + rejected);
    }

    /** All threads live until the last one has woken the selector and closed a channel. */
    private static void wakeByManyThreads(SelectorProvider provider) throws Exception {
        CountDownLatch woken = new CountDownLatch(MANY);
        AtomicInteger failures = new AtomicInteger();
        try (Selector selector = provider.openSelector()) {
            for (int i = 0; i < MANY; i++) {
                Thread thread = new Thread(() -> {
                    try {
                        selector.wakeup();
                        provider.openSocketChannel().close();
                    } catch (IOException | OutOfMemoryError e) {
                        failures.incrementAndGet();
                    }
                    woken.countDown();
                    LockSupport.park();
                });
                thread.setDaemon(true);
                thread.start();
                while (woken.getCount() > MANY - 1 - i) {
                    selector.select(1); // resets the wake-up, so that the next thread has to signal too
                }
            }
        }
        System.out.println("failures of threads: " + failures);
    }

    private static void acceptWithoutDescriptors(SelectorProvider provider) throws IOException {
        try (Selector selector = provider.openSelector();
                ServerSocketChannel listener = provider.openServerSocketChannel();
                SocketChannel peer = SocketChannel.open()) {
            listener.configureBlocking(false);
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SelectionKey key = listener.register(selector, SelectionKey.OP_ACCEPT);
            peer.connect(listener.getLocalAddress());
            Deque<FileInputStream> all = takeAllDescriptors();
            selector.select();
            try {
                System.out.println("accepted " + listener.accept());
            } catch (IOException e) {
                System.out.println("told: " + e.getMessage());
            }
            key.interestOps(0);
            selector.selectNow();
            all.pop().close();
            key.interestOps(SelectionKey.OP_ACCEPT);
            selector.selectedKeys().clear();
            selector.select();
            try (SocketChannel accepted = listener.accept()) {
                System.out.println("then accepted: " + (accepted != null));
            }
            while (!all.isEmpty()) {
                all.pop().close();
            }
        }
    }

    private static Deque<FileInputStream> takeAllDescriptors() {
        Deque<FileInputStream> all = new ArrayDeque<>();
        try {
            while (true) {
                all.push(new FileInputStream("/dev/null"));
            }
        } catch (IOException exhausted) {
            return all;
        }
    }
}
