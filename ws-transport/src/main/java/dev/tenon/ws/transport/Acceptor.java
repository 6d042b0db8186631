package dev.tenon.ws.transport;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Accepts connections on one address and deals them out to event loops. When accepting fails, because descriptors have
 * run out for instance, it pauses and tries again: those who wait in the backlog are not lost.
 */
public final class Acceptor implements EventLoop.Ready {
    private static final System.Logger LOG = System.getLogger("dev.tenon.ws.transport");
    private static final int BACKLOG = 4096;
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
    private final Accepted handler;
    private final InetSocketAddress address;
    private boolean paused;
    private long resumeAt;

    private Acceptor(EventLoops loops, ServerSocketChannel channel, Accepted handler) throws IOException {
        this.loops = loops;
        this.loop = loops.next();
        this.channel = channel;
        this.handler = handler;
        this.address = (InetSocketAddress) channel.getLocalAddress();
    }

    /**
     * Binds an address and begins to accept.
     *
     * @param loops what the connections are dealt out to
     * @param address where to listen; port 0 for any that is free
     * @param handler takes the connections
     * @return the acceptor
     * @throws IOException if the address cannot be bound
     */
    public static Acceptor open(EventLoops loops, SocketAddress address, Accepted handler) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(address, BACKLOG);
            channel.configureBlocking(false);
            Acceptor acceptor = new Acceptor(loops, channel, handler);
            acceptor.register();
            return acceptor;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void register() throws IOException {
        CompletableFuture<SelectionKey> registered = new CompletableFuture<>();
        loop.execute(() -> {
            try {
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
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public void ready(SelectionKey key) {
        try {
            for (int i = 0; i < MOST_AT_ONCE; i++) {
                SocketChannel accepted = channel.accept();
                if (accepted == null) {
                    return;
                }
                deal(accepted);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "accepting pauses: {0}", e.getMessage());
            key.interestOps(0);
            paused = true;
            resumeAt = System.nanoTime() + PAUSE_NANOS;
        }
    }

    private void deal(SocketChannel accepted) {
        EventLoop next = loops.next();
        if (next == loop) {
            take(next, accepted);
        } else {
            next.execute(() -> take(next, accepted));
        }
    }

    private void take(EventLoop target, SocketChannel accepted) {
        try {
            accepted.configureBlocking(false);
            accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
            handler.accepted(target, accepted);
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "a connection could not be taken", e);
            closeQuietly(accepted);
        }
    }

    private static void closeQuietly(SocketChannel accepted) {
        try {
            accepted.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a connection could not be closed", e);
        }
    }

    @Override
    public void tick(long nowNanos) {
        if (paused && nowNanos - resumeAt >= 0) {
            paused = false;
            SelectionKey key = loop.keyOf(channel);
            if (key != null) {
                key.interestOps(SelectionKey.OP_ACCEPT);
            }
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
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "a listener could not be closed", e);
        }
    }
}
