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
 * Accepts connections on one address and deals them out to event loops. When accepting fails, because descriptors have
 * run out for instance, it pauses and tries again: those who wait in the backlog are not lost.
 */
public final class Acceptor implements SelectionHandler {
    private static final int MOST_AT_ONCE = 256;
    private static final long PAUSE_NANOS = 500_000_000;

    /** Takes a connection. */
    @FunctionalInterface
    public interface Accepted {
        /**
         * A connection has come.
         *
         * @param loop the loop that it belongs to, and that this is called on
         * @param channel connected and not blocking
         * @throws IOException if it cannot be taken; it is closed then
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
    /** Accepting has failed since there was last nobody who waited. */
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
     * Binds an address and begins to accept. The file of a Unix domain socket is removed when the acceptor is closed, and
     * before, if it was left behind by somebody who listens no more.
     *
     * @param loops what the connections are dealt out to
     * @param address where to listen: an internet address, port 0 for any that is free, or a Unix domain socket
     * @param settings how to listen, and how accepted sockets are set up
     * @param handler takes the connections
     * @return one acceptor, or one for each loop where the system spreads the connections
     * @throws IOException if the address cannot be bound
     */
    public static List<Acceptor> open(
            EventLoops loops, SocketAddress address, SocketSettings settings, Accepted handler) throws IOException {
        // The JDK's loggers need them, and cannot read them without a descriptor
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
            acceptors.forEach(Acceptor::close);
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
            channel.bind(address, settings.backlog());
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
                loop.schedule(PAUSE_NANOS, resume).cancel(); // loads its classes, which takes descriptors
                registered.complete(loop.register(channel, SelectionKey.OP_ACCEPT, this));
            } catch (IOException e) {
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
     * Where this listens.
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
                        LoopLog.log(Level.INFO, "accepting goes on at " + address + ": nobody waits any more", null);
                    }
                    return;
                }
                deal(accepted);
            }
        } catch (ClosedChannelException stopped) {
            // by another thread, just now
        } catch (Throwable e) { // no descriptors, or no memory: there may be some again
            key.interestOps(0);
            loop.schedule(PAUSE_NANOS, resume);
            if (!exhausted) { // once, however often it is tried again
                exhausted = true;
                LoopLog.log(Level.WARNING, "accepting pauses at " + address + " until there is room again", e);
            }
        }
    }

    /** Accepts at once what waits: without a descriptor, accepting fails also while nobody waits. */
    private void resume() {
        SelectionKey key = channel.keyFor(loop.selector());
        if (key != null && key.isValid()) {
            key.interestOps(SelectionKey.OP_ACCEPT);
            ready(key);
        }
    }

    private void deal(SocketChannel accepted) {
        EventLoop next = hasOwnSocket(channel, settings) ? loop : loops.next();
        next.load().incrementAndGet(); // it counts while it is on its way: others may come in the same turn
        if (next == loop) {
            take(next, accepted);
        } else {
            try {
                next.execute(() -> take(next, accepted));
            } catch (RejectedExecutionException stopped) {
                next.load().decrementAndGet();
                closeQuietly(accepted);
            }
        }
    }

    private void take(EventLoop target, SocketChannel accepted) {
        target.load().decrementAndGet(); // its link counts from here on
        if (target.isDraining()) {
            closeQuietly(accepted);
            return;
        }
        try {
            accepted.configureBlocking(false);
            settings.apply(accepted);
            handler.accepted(target, accepted);
        } catch (Throwable e) { // whatever it is: others go on to be accepted
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

    /** Stops listening. Safe from any thread. */
    public void close() {
        try (channel) {
            if (file != null && channel.isOpen()) {
                file.remove();
            }
        } catch (IOException e) {
            LoopLog.log(Level.WARNING, "a listener could not be closed", e);
        }
    }
}
