package dev.tenon.ws.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundInvoker;
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
    /** How long a peer may take nothing of a response, or of the reset of its stream. */
    static final long STALL_SECONDS = 30;

    private static final long LINGER_SECONDS = 5;

    private ExchangeEnd() {}

    /**
     * Closes a connection of HTTP/1.1, or resets a stream, so that the peer notices that the response is cut. The close
     * of a stream would not always show that, nor drop what waits for the peer's window.
     */
    static void cancel(Channel channel) {
        if (channel instanceof Http2StreamChannel) {
            reset(channel, channel, Http2Error.CANCEL);
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
            reset(channel, channel, Http2Error.NO_ERROR);
        } else if (channel instanceof QuicStreamChannel stream) {
            stream.shutdownInput(Http3ErrorCode.H3_NO_ERROR.code());
        }
    }

    /**
     * Resets a stream of HTTP/2, and closes its channel. The stream itself ends when the reset has left. If the peer does
     * not take that in time, closes the connection without its handlers, which would wait for the peer too.
     *
     * @param from where the writes enter the pipeline of the stream
     */
    static void reset(ChannelOutboundInvoker from, Channel stream, Http2Error error) {
        Channel connection = stream.parent();
        ChannelFuture reset = from.writeAndFlush(new DefaultHttp2ResetFrame(error));
        if (!reset.isDone()) {
            Future<?> limit = stream.eventLoop()
                    .schedule(
                            () -> connection.unsafe().close(connection.voidPromise()), STALL_SECONDS, TimeUnit.SECONDS);
            reset.addListener(sent -> limit.cancel(false));
        }
        from.close();
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
