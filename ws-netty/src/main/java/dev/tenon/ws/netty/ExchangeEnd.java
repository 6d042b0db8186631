package dev.tenon.ws.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Ends the channel of a request, a response or a stream that its peer does not end. */
@SuppressWarnings("FutureReturnValueIgnored") // the handlers of the channel report its end
final class ExchangeEnd {
    /** How long a peer may take nothing of a response. */
    static final long STALL_SECONDS = 30;

    private static final long LINGER_SECONDS = 5;

    private ExchangeEnd() {}

    /** Cancels an exchange if a write does not complete in time, because the peer does not take the response. */
    static void cancelIfStalled(Channel channel, ChannelFuture write) {
        if (!write.isDone()) {
            Future<?> limit = channel.eventLoop().schedule(() -> cancel(channel), STALL_SECONDS, TimeUnit.SECONDS);
            write.addListener(done -> limit.cancel(false));
        }
    }

    /**
     * Closes a connection of HTTP/1.1, or resets a stream, so that the peer notices that the response is cut. The close
     * of a stream would not always show that, nor drop what waits for the peer's window.
     */
    static void cancel(Channel channel) {
        if (channel instanceof Http2StreamChannel) {
            reset(channel, Http2Error.CANCEL);
        } else if (channel instanceof QuicStreamChannel stream) {
            Http3Carrier.reset(stream, Http3ErrorCode.H3_REQUEST_CANCELLED);
        } else {
            channel.close();
        }
    }

    /**
     * Ends the rest of a request whose response has left: asks the client of a stream to stop (RFC 9113 §8.1, RFC 9114
     * §4.1). The rest of a request of HTTP/1.1 is read, so that no reset destroys the response.
     */
    static void stopRequest(Channel channel) {
        if (channel instanceof Http2StreamChannel) {
            reset(channel, Http2Error.NO_ERROR);
        } else if (channel instanceof QuicStreamChannel stream) {
            stream.shutdownInput(Http3ErrorCode.H3_NO_ERROR.code());
        }
    }

    private static void reset(Channel stream, Http2Error error) {
        stream.writeAndFlush(new DefaultHttp2ResetFrame(error)).addListener(sent -> stream.close());
    }

    /**
     * Closes a stream after a while, even if the peer has not ended its direction. This end must have ended its
     * direction in good order.
     */
    static void closeSoon(ChannelHandlerContext context) {
        if (context.channel().isActive()) {
            Future<?> linger = context.executor().schedule((Runnable) context::close, LINGER_SECONDS, TimeUnit.SECONDS);
            context.channel().closeFuture().addListener(closed -> linger.cancel(false));
        }
    }
}
