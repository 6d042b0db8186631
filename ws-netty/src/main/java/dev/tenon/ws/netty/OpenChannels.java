package dev.tenon.ws.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The connections of a server or client, and the streams within them. When it stops, each gets the event {@link Stop#DRAIN}: it
 * ends in good order, as its handlers know how to. Thread-safe.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the end of a channel is told by its close future
final class OpenChannels {
    /** What a pipeline is told when its server or client stops. */
    enum Stop {
        DRAIN
    }

    /** What event loops get to end, however short the deadline is. */
    private static final long GRACE_NANOS = 250_000_000;

    private final Set<Channel> open = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;

    void add(Channel channel) {
        open.add(channel);
        channel.closeFuture().addListener(closed -> remove(channel));
        if (draining) {
            drain(channel);
        }
    }

    private void remove(Channel channel) {
        open.remove(channel);
        if (draining && open.isEmpty()) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    /** Tells all that are open, and those that open from here on. */
    private void drain() {
        draining = true;
        open.forEach(OpenChannels::drain);
    }

    private static void drain(Channel channel) {
        channel.eventLoop().execute(() -> channel.pipeline().fireUserEventTriggered(Stop.DRAIN));
    }

    /**
     * Drains them, waits for their end, aborts what is left at a deadline, and ends their event loops.
     *
     * @param last closes what was not added, while the loops still run
     * @throws IllegalStateException if called on one of the loops
     */
    void end(EventLoopGroup loops, Duration deadline, Runnable last) {
        loops.forEach(OpenChannels::requireAnother);
        long begin = System.nanoTime();
        if (!loops.isShuttingDown()) {
            drain();
            awaitNone(deadline.toNanos());
            abort();
            last.run();
        }
        long left = Math.max(GRACE_NANOS, deadline.toNanos() - (System.nanoTime() - begin));
        loops.shutdownGracefully(0, left, TimeUnit.NANOSECONDS).awaitUninterruptibly(left, TimeUnit.NANOSECONDS);
    }

    private static void requireAnother(EventExecutor loop) {
        if (loop.inEventLoop()) {
            throw new IllegalStateException("an event loop cannot wait for its own end: call from another thread");
        }
    }

    /** Waits until none is left, for a time at most. An interrupt ends no waiting, and is kept. */
    private synchronized void awaitNone(long nanos) {
        long begin = System.nanoTime();
        boolean interrupted = false;
        long left;
        while (!open.isEmpty() && (left = nanos - (System.nanoTime() - begin)) > 0) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes the connections that are left, and so their streams; then the sockets that carried them, behind what they say. */
    private void abort() {
        List<Channel> left = List.copyOf(open);
        left.stream()
                .filter(channel -> !(isStream(channel) || channel instanceof DatagramChannel))
                .forEach(channel -> channel.eventLoop().execute(() -> abort(channel)));
        left.stream()
                .filter(DatagramChannel.class::isInstance)
                .forEach(channel -> channel.close().awaitUninterruptibly());
    }

    private static boolean isStream(Channel channel) {
        return channel instanceof Http2StreamChannel || channel instanceof QuicStreamChannel;
    }

    /** Below the handlers of the pipeline, some of which would wait for others. */
    private static void abort(Channel channel) {
        if (channel instanceof QuicChannel quic) {
            quic.close(true, Http3ErrorCode.H3_NO_ERROR.code(), Unpooled.EMPTY_BUFFER);
        } else {
            channel.unsafe().close(channel.voidPromise());
        }
    }
}
