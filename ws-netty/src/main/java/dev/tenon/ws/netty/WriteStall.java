package dev.tenon.ws.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Ends the channel of a response of which the peer takes nothing for {@value #SECONDS} seconds. */
@SuppressWarnings("FutureReturnValueIgnored") // the handlers of the channel report its end
final class WriteStall {
    static final long SECONDS = 30;

    private WriteStall() {}

    /** Ends a channel if a write does not complete in time. */
    static void limit(Channel channel, ChannelFuture write) {
        if (!write.isDone()) {
            Future<?> limit = channel.eventLoop().schedule(() -> cancel(channel), SECONDS, TimeUnit.SECONDS);
            write.addListener(done -> limit.cancel(false));
        }
    }

    /**
     * Ends a channel whose request or response is incomplete. A stream is reset, so that its peer notices that the
     * response is cut, which the close of a stream of QUIC would not do.
     */
    static void cancel(Channel channel) {
        if (channel instanceof QuicStreamChannel stream) {
            Http3Carrier.reset(stream, Http3ErrorCode.H3_REQUEST_CANCELLED);
        } else {
            channel.close();
        }
    }
}
