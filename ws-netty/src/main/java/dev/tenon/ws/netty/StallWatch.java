package dev.tenon.ws.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Cancels an exchange if the peer takes nothing of its response for a while. The peer takes something whenever one of the
 * watched writes completes, so the writes must be short. A stream of HTTP/2 that has window, and waits only for its turn
 * on a slow connection, also lives while the peer takes something of another stream. For the event loop's own thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the handlers of the channel report its end
final class StallWatch {
    private static final long NANOS = TimeUnit.SECONDS.toNanos(ExchangeEnd.STALL_SECONDS);

    /** The time at which the peer has last taken something of a connection. */
    private static final AttributeKey<AtomicLong> TAKEN = AttributeKey.valueOf(StallWatch.class, "taken");

    private final Channel channel;
    private final AtomicLong ofConnection;
    private long taken;
    private int waiting;
    private @Nullable Future<?> limit;

    StallWatch(Channel channel) {
        this.channel = channel;
        Channel connection = channel instanceof Http2StreamChannel ? channel.parent() : channel;
        AtomicLong fresh = new AtomicLong(nanoTime());
        AtomicLong known = connection.attr(TAKEN).setIfAbsent(fresh);
        ofConnection = known == null ? fresh : known;
    }

    private long nanoTime() {
        return channel.eventLoop().ticker().nanoTime();
    }

    /** Watches a write until it completes. */
    void watch(ChannelFuture write) {
        if (write.isDone()) {
            return;
        }
        if (waiting++ == 0) {
            taken = nanoTime();
            schedule(NANOS);
        }
        write.addListener(done -> {
            taken = nanoTime();
            ofConnection.set(taken);
            if (--waiting == 0 && limit != null) {
                limit.cancel(false);
            }
        });
    }

    private void schedule(long nanos) {
        limit = channel.eventLoop().schedule(this::check, nanos, TimeUnit.NANOSECONDS);
    }

    private void check() {
        long idle = nanoTime() - taken;
        if (idle >= NANOS && waitsForItsTurn()) {
            idle = nanoTime() - ofConnection.get();
        }
        if (idle < NANOS) {
            schedule(NANOS - idle);
        } else {
            ExchangeEnd.cancel(channel);
        }
    }

    /** Whether a stream of HTTP/2 has window, so that not its peer's demand delays it, but the connection. */
    private boolean waitsForItsTurn() {
        if (!(channel instanceof Http2StreamChannel stream)) {
            return false;
        }
        Http2FrameCodec codec = stream.parent().pipeline().get(Http2FrameCodec.class);
        if (codec == null) {
            return false;
        }
        Http2Connection connection = codec.connection();
        Http2Stream known = connection.stream(stream.stream().id());
        return known != null && connection.remote().flowController().windowSize(known) > 0;
    }
}
