package dev.tenon.ws.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http3.DefaultHttp3GoAwayFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection of HTTP/3 when its server stops (RFC 9114 §5.2). A GOAWAY names the first request that the server
 * does not serve. The server rejects that request and all later ones, which the client may send to another server. The
 * connection is closed when all earlier requests have ended. The handler is behind the codec.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the handlers of the channel report its end
final class Http3GoAway extends ChannelInboundHandlerAdapter {
    /**
     * How long the connection stays open after the last request, because QUIC may have to retransmit the last packets.
     */
    private static final long GRACE_MILLIS = 250;

    /** The difference between the stream ids of two consecutive requests of a client (RFC 9000 §2.1). */
    private static final int STEP = 4;

    private long firstUnserved;
    private int open;
    private boolean draining;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof QuicStreamChannel stream && stream.type() == QuicStreamType.BIDIRECTIONAL) {
            opened(context, stream);
        }
        context.fireChannelRead(message);
    }

    private void opened(ChannelHandlerContext context, QuicStreamChannel stream) {
        if (draining && stream.streamId() >= firstUnserved) {
            stream.pipeline().addLast(new Rejection());
            return;
        }
        firstUnserved = Math.max(firstUnserved, stream.streamId() + STEP);
        open++;
        stream.closeFuture().addListener(closed -> {
            open--;
            endIfDue(context);
        });
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == OpenChannels.Stop.DRAIN && !draining) {
            draining = true;
            QuicStreamChannel control = Http3.getLocalControlStream(context.channel());
            if (control == null) { // the handshake is not complete, so there are no requests
                context.close();
            } else {
                control.writeAndFlush(new DefaultHttp3GoAwayFrame(firstUnserved));
                endIfDue(context);
            }
        }
        context.fireUserEventTriggered(event);
    }

    private void endIfDue(ChannelHandlerContext context) {
        if (draining && open == 0) {
            context.executor().schedule(() -> end(context), GRACE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private static void end(ChannelHandlerContext context) {
        ((QuicChannel) context.channel()).close(true, Http3ErrorCode.H3_NO_ERROR.code(), Unpooled.EMPTY_BUFFER);
    }

    /** Ends a stream before its request is read. */
    private static final class Rejection extends ChannelInboundHandlerAdapter {
        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            QuicStreamChannel stream = (QuicStreamChannel) context.channel();
            stream.shutdown(Http3ErrorCode.H3_REQUEST_REJECTED.code(), stream.newPromise());
        }
    }
}
