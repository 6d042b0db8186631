package dev.tenon.ws.transport.linux;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks whether io_uring works on this system, by using it. */
final class Probe {
    /** Their numbers of system calls, flags and errors, and the layouts of their structures, are the same. */
    private static final Set<String> PROCESSORS = Set.of("amd64", "aarch64");

    private static final long TIMEOUT_MILLIS = 2_000;

    private Probe() {}

    /** Returns the reason why io_uring cannot be used, or null if it can. */
    static @Nullable String failure(UringProvider provider) {
        if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).equals("linux")) {
            return "the system is not Linux";
        }
        if (!PROCESSORS.contains(System.getProperty("os.arch", ""))) {
            return "it supports the processors amd64 and aarch64, not " + System.getProperty("os.arch");
        }
        Module module = Probe.class.getModule();
        if (!module.isNativeAccessEnabled()) {
            return "native access is not enabled: add --enable-native-access="
                    + (module.isNamed() ? module.getName() : "ALL-UNNAMED");
        }
        return failureInUse(provider);
    }

    private static @Nullable String failureInUse(UringProvider provider) {
        try {
            SocketOptions.load();
            return useOnce(provider) ? null : "the kernel is too old: a connection to itself has received nothing";
        } catch (IOException | RuntimeException e) {
            return "the kernel refuses it, which needs Linux 6.12 and no seccomp filter or"
                    + " kernel.io_uring_disabled against it (" + e.getMessage() + ")";
        } catch (LinkageError e) {
            return "the C library lacks a required function (" + e.getMessage() + ")";
        }
    }

    /**
     * Sends two bytes, one after the other, through a connection of this process to itself. The second byte shows that
     * one request receives more than once and that the kernel fills a buffer piece by piece.
     */
    private static boolean useOnce(UringProvider provider) throws IOException {
        InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Selector selector = provider.openSelector();
                ServerSocketChannel listener = provider.openServerSocketChannel();
                SocketChannel near = provider.openSocketChannel()) {
            listener.configureBlocking(false);
            listener.bind(anywhere);
            listener.register(selector, SelectionKey.OP_ACCEPT);
            near.configureBlocking(false);
            near.connect(listener.getLocalAddress());
            SelectionKey connecting = near.register(selector, SelectionKey.OP_CONNECT);
            if (!succeeds(near::finishConnect, selector)) {
                return false;
            }
            connecting.interestOps(0);
            return isAccepted(near, listener, selector);
        }
    }

    private static boolean isAccepted(SocketChannel near, ServerSocketChannel listener, Selector selector)
            throws IOException {
        SocketChannel[] accepted = new SocketChannel[1];
        if (!succeeds(() -> (accepted[0] = listener.accept()) != null, selector)) {
            return false;
        }
        try (SocketChannel far = accepted[0]) {
            far.configureBlocking(false);
            far.register(selector, SelectionKey.OP_READ);
            return carries(near, far, selector, (byte) 1) && carries(near, far, selector, (byte) 2);
        }
    }

    /** Sends a byte through a connection. Returns whether it is the next one that arrives. */
    static boolean carries(WritableByteChannel from, ReadableByteChannel to, Selector selector, byte value)
            throws IOException {
        from.write(ByteBuffer.allocate(1).put(0, value));
        ByteBuffer into = ByteBuffer.allocate(8);
        return succeeds(() -> to.read(into) != 0, selector) && into.position() == 1 && into.get(0) == value;
    }

    /** An attempt to use a channel. */
    @FunctionalInterface
    private interface Attempt {
        /** Returns false if the kernel is not ready for it yet. */
        boolean run() throws IOException;
    }

    /** Makes an attempt after each select until it succeeds. Returns false if time is over before. */
    private static boolean succeeds(Attempt attempt, Selector selector) throws IOException {
        long end = System.nanoTime() + TIMEOUT_MILLIS * 1_000_000;
        for (long left = TIMEOUT_MILLIS; left > 0; left = (end - System.nanoTime()) / 1_000_000) {
            selector.select(key -> {}, left);
            if (attempt.run()) {
                return true;
            }
        }
        return false;
    }
}
