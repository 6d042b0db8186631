package dev.tenon.ws.transport;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.time.ZoneId;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Accepts connections on one address and distributes them to event loops. If accepting fails, for example because there
 * are no more file descriptors, it pauses and tries again; connections in the backlog are not lost.
 */
public final class Acceptor implements SelectionHandler {
    private static final int MOST_AT_ONCE = 256;
    private static final long PAUSE_NANOS = 500_000_000;
    private static final long MOST_BUSY_NANOS = 250_000_000;

    /** Handles accepted connections. */
    @FunctionalInterface
    public interface Accepted {
        /**
         * Handles an accepted connection.
         *
         * @param loop the loop of the connection, on which this is called
         * @param channel connected and non-blocking
         * @throws IOException if the connection cannot be handled; the acceptor closes it
         */
        void accepted(EventLoop loop, SocketChannel channel) throws IOException;
    }

    private final EventLoops loops;
    private final EventLoop loop;
    private final ServerSocketChannel channel;
    private final SocketSettings settings;
    private final Accepted handler;
    private final SocketAddress address;
    private final @Nullable SocketFile file;
    private final Runnable resume = this::resume;
    /** Whether accepting has failed since the backlog was last empty, so that the failure is logged once. */
    private boolean exhausted;

    private Acceptor(
            EventLoops loops,
            EventLoop loop,
            ServerSocketChannel channel,
            @Nullable SocketFile file,
            SocketSettings settings,
            Accepted handler)
            throws IOException {
        this.loops = loops;
        this.loop = loop;
        this.channel = channel;
        this.settings = settings;
        this.handler = handler;
        this.file = file;
        this.address = channel.getLocalAddress();
    }

    /**
     * Binds an address and begins to accept. The acceptor removes the file of a Unix domain socket when it is closed;
     * before binding, it removes the file of a socket on which no process listens.
     *
     * @param loops receive the connections
     * @param address an internet address, port 0 for any free port, or a Unix domain socket
     * @param settings options of listening and accepted sockets
     * @param handler handles the connections
     * @return one acceptor, or one for each loop if the operating system distributes the connections
     * @throws IOException if the address cannot be bound
     */
    public static List<Acceptor> open(
            EventLoops loops, SocketAddress address, SocketSettings settings, Accepted handler) throws IOException {
        // the JDK's loggers need the time zones and cannot load them without a file descriptor
        ZoneRules unused = ZoneId.systemDefault().getRules();
        SelectorProvider provider = loops.provider();
        if (address instanceof UnixDomainSocketAddress local) {
            SocketFile.removeStale(local);
            ServerSocketChannel channel = provider.openServerSocketChannel(StandardProtocolFamily.UNIX);
            return List.of(listen(loops, loops.next(), channel, local, settings, handler));
        }
        List<Acceptor> acceptors = new ArrayList<>();
        try {
            SocketAddress bound = address;
            for (EventLoop loop : settings.reusePort() ? loops.all() : List.of(loops.next())) {
                ServerSocketChannel channel = openInternet(provider, settings);
                acceptors.add(listen(loops, loop, channel, bound, settings, handler));
                bound = acceptors.get(0).address; // with the actual port
                if (!hasOwnSocket(channel, settings)) {
                    break;
                }
            }
            return List.copyOf(acceptors);
        } catch (IOException | RuntimeException e) {
            closeAll(acceptors);
            throw e;
        }
    }

    private static ServerSocketChannel openInternet(SelectorProvider provider, SocketSettings settings)
            throws IOException {
        ServerSocketChannel channel = provider.openServerSocketChannel();
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        if (hasOwnSocket(channel, settings)) {
            channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        }
        return channel;
    }

    private static boolean hasOwnSocket(ServerSocketChannel channel, SocketSettings settings) {
        return settings.reusePort() && channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT);
    }

    private static Acceptor listen(
            EventLoops loops,
            EventLoop loop,
            ServerSocketChannel channel,
            SocketAddress address,
            SocketSettings settings,
            Accepted handler)
            throws IOException {
        SocketFile file = null;
        try {
            settings.bind(channel, address);
            file = address instanceof UnixDomainSocketAddress local ? SocketFile.of(local) : null;
            channel.configureBlocking(false);
            Acceptor acceptor = new Acceptor(loops, loop, channel, file, settings, handler);
            acceptor.register();
            return acceptor;
        } catch (IOException | RuntimeException e) {
            if (file != null) {
                file.remove();
            }
            channel.close();
            throw e;
        }
    }

    private void register() throws IOException {
        CompletableFuture<SelectionKey> registered = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                // Loads the classes now, because that needs file descriptors.
                loop.schedule(PAUSE_NANOS, resume).cancel();
                registered.complete(loop.register(channel, SelectionKey.OP_ACCEPT, this));
            } catch (Throwable e) {
                registered.completeExceptionally(e);
            }
        });
        try {
            registered.get();
        } catch (ExecutionException e) {
            throw new IOException("the listener cannot be registered", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the listener was registered", e);
        }
    }

    /**
     * The bound address.
     *
     * @return the address, with the actual port
     */
    public SocketAddress address() {
        return address;
    }

    @Override
    public void ready(SelectionKey key) {
        try {
            for (int i = 0; i < MOST_AT_ONCE; i++) {
                SocketChannel accepted = channel.accept();
                if (accepted == null) {
                    if (exhausted) {
                        exhausted = false;
                        LoopLog.log(
                                Level.INFO, "accepting goes on at " + address + ": no connection waits any more", null);
                    }
                    return;
                }
                assignToLoop(accepted);
            }
        } catch (ClosedChannelException stopped) {
            // another thread has closed the channel
        } catch (Throwable e) { // no file descriptors or no memory: try again later
            key.interestOps(0);
            loop.schedule(PAUSE_NANOS, resume);
            if (!exhausted) { // only once for several attempts
                exhausted = true;
                LoopLog.log(Level.WARNING, "accepting pauses at " + address + " until there is room again", e);
            }
        }
    }

    /** Accepts at once, because without a free descriptor accepting fails even if the backlog is empty. */
    private void resume() {
        SelectionKey key = channel.keyFor(loop.selector());
        if (key != null && key.isValid()) {
            key.interestOps(SelectionKey.OP_ACCEPT);
            ready(key);
        }
    }

    private void assignToLoop(SocketChannel accepted) {
        EventLoop next = hasOwnSocket(channel, settings) ? loop : loops.next();
        // Count the connection before its link exists, because others may be accepted in the same turn.
        next.load().incrementAndGet();
        if (next == loop) {
            assign(next, accepted);
        } else {
            try {
                next.execute(() -> assign(next, accepted));
            } catch (RejectedExecutionException stopped) {
                next.load().decrementAndGet();
                closeQuietly(accepted);
            }
        }
    }

    private void assign(EventLoop target, SocketChannel accepted) {
        target.load().decrementAndGet(); // from here on its link is counted
        if (target.isDraining()) {
            closeQuietly(accepted);
            return;
        }
        try {
            accepted.configureBlocking(false);
            settings.apply(accepted);
            handler.accepted(target, accepted);
        } catch (Throwable e) { // other connections must still be accepted
            LoopLog.log(Level.DEBUG, "a connection could not be taken", e);
            closeQuietly(accepted);
        }
    }

    private static void closeQuietly(SocketChannel accepted) {
        try {
            accepted.close();
        } catch (IOException e) {
            LoopLog.log(Level.DEBUG, "a connection could not be closed", e);
        }
    }

    @Override
    public void drain() {
        close();
    }

    @Override
    public void failed(Throwable cause) {
        close();
    }

    /** Stops listening, as {@link #closeAll} does. */
    public void close() {
        closeAll(List.of(this));
    }

    /**
     * Stops listening. The addresses are free when this returns, unless it is called on a loop, or loops of the acceptors
     * are busy, for which it waits no longer than a quarter of a second. Safe from any thread.
     *
     * @param acceptors the acceptors to close
     */
    public static void closeAll(List<Acceptor> acceptors) {
        acceptors.forEach(Acceptor::closeChannel);
        long end = System.nanoTime() + MOST_BUSY_NANOS;
        for (Acceptor acceptor : acceptors) {
            if (acceptor.loops.all().stream().noneMatch(EventLoop::inLoop)) { // loops must not wait for each other
                acceptor.loop.awaitRelease(acceptor.channel, end - System.nanoTime());
            }
        }
    }

    private void closeChannel() {
        try (channel) {
            if (file != null && channel.isOpen()) {
                file.remove();
            }
        } catch (IOException e) {
            LoopLog.log(Level.WARNING, "a listener could not be closed", e);
        }
    }
}
