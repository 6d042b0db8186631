package dev.tenon.ws.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
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
import java.util.stream.Stream;

/**
 * The open connections of a server or client, and the streams of these connections. When the server or client stops,
 * each channel receives the event {@link Stop#DRAIN}, and its handlers end it in good order. Thread-safe.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the close future reports the end of a channel
final class OpenChannels {
    /** The event that a pipeline receives when its server or client stops. */
    enum Stop {
        DRAIN
    }

    /** The least time that event loops have for their end, even if the deadline is shorter. */
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

    /** Sends the event to all open channels. Channels that open later receive it in {@link #add}. */
    private void drain() {
        draining = true;
        open.forEach(OpenChannels::drain);
    }

    private static void drain(Channel channel) {
        channel.eventLoop().execute(() -> channel.pipeline().fireUserEventTriggered(Stop.DRAIN));
    }

    /**
     * Closes the sockets that accept connections, drains the channels, waits for their end, aborts the remaining channels at
     * a deadline, closes the sockets of UDP, and ends the event loops. Does not wait for an event loop that an application
     * blocks.
     *
     * @param listening the sockets of a server, which were not added
     */
    void end(EventLoopGroup loops, Duration deadline, List<Channel> listening) {
        long nanos = Durations.nanos(deadline);
        long begin = System.nanoTime();
        if (!loops.isShuttingDown()) {
            listening.stream().filter(ServerChannel.class::isInstance).forEach(Channel::close);
            drain();
            awaitNone(nanos);
            for (ChannelFuture end : abort(listening)) {
                end.awaitUninterruptibly(left(begin, nanos), TimeUnit.NANOSECONDS);
            }
        }
        long left = left(begin, nanos);
        loops.shutdownGracefully(0, left, TimeUnit.NANOSECONDS).awaitUninterruptibly(left, TimeUnit.NANOSECONDS);
    }

    private static long left(long begin, long nanos) {
        return Math.max(GRACE_NANOS, nanos - (System.nanoTime() - begin));
    }

    /** Throws an {@link IllegalStateException} if the caller is on one of the loops, which cannot wait for its own end. */
    static void requireAnother(EventLoopGroup loops) {
        for (EventExecutor loop : loops) {
            if (loop.inEventLoop()) {
                throw new IllegalStateException("an event loop cannot wait for its own end: call from another thread");
            }
        }
    }

    /**
     * Waits until no channel is open, or until the time is over. An interrupt does not end the wait; the interrupt
     * status is set again afterwards.
     */
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

    /**
     * Closes the remaining connections, and with them their streams. Then closes the sockets of UDP, after the last packets
     * of their connections, which run on the same event loop.
     *
     * @return the ends of the sockets
     */
    private List<ChannelFuture> abort(List<Channel> listening) {
        List<Channel> left = List.copyOf(open);
        left.stream()
                .filter(channel -> !(isStream(channel) || channel instanceof DatagramChannel))
                .forEach(channel -> channel.eventLoop().execute(() -> abort(channel)));
        return Stream.concat(left.stream().filter(DatagramChannel.class::isInstance), listening.stream())
                .map(Channel::close)
                .toList();
    }

    private static boolean isStream(Channel channel) {
        return channel instanceof Http2StreamChannel || channel instanceof QuicStreamChannel;
    }

    /** Closes a connection without its handlers, because some handlers would first wait for others. */
    private static void abort(Channel channel) {
        if (channel instanceof QuicChannel quic) {
            quic.close(true, Http3ErrorCode.H3_NO_ERROR.code(), Unpooled.EMPTY_BUFFER);
        } else {
            channel.unsafe().close(channel.voidPromise());
        }
    }
}
