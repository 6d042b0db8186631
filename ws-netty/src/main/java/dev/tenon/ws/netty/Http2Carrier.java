package dev.tenon.ws.netty;

import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannelOption;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Carries a WebSocket in a stream of HTTP/2 (RFC 8441 §5). The bytes travel in DATA frames. END_STREAM ends a
 * direction, and RST_STREAM with CANCEL resets the connection. The carrier returns window to the peer as the connection
 * consumes bytes. So a listener that requests nothing stops the peer.
 */
@SuppressWarnings("FutureReturnValueIgnored") // channelInactive follows, whether or not an operation succeeds
final class Http2Carrier extends Carrier {
    private int consumed;
    /** Whether the codec is reading. The codec flushes at the end of a read. */
    private boolean reading;

    /** The end of this direction, once it is written. It completes when all bytes before it have left. */
    private @Nullable ChannelFuture outputEnd;

    @Override
    HttpVersion version() {
        return HttpVersion.HTTP_2;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        super.handlerAdded(added);
        added.channel().config().setOption(Http2StreamChannelOption.AUTO_STREAM_FLOW_CONTROL, false);
    }

    // Inbound

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        reading = true;
        if (message instanceof Http2DataFrame data) {
            boolean last = data.isEndStream();
            consumed += data.initialFlowControlledBytes() - data.content().readableBytes(); // padding
            received(data.content());
            if (last) {
                inputEnded();
            }
        } else if (message instanceof Http2HeadersFrame) { // a WebSocket has no trailers
            failed(new IOException("the peer has sent header fields inside the stream of a WebSocket"));
            reset(Http2Error.PROTOCOL_ERROR);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof Http2ResetFrame reset) {
            failed(new IOException("the peer has reset the stream: " + name(reset.errorCode())));
        } else if (event instanceof Http2GoAwayFrame away) {
            failed(new IOException("the peer has ended the connection without having processed the stream: "
                    + name(away.errorCode())));
        }
        super.userEventTriggered(context, event);
    }

    /** Resets the stream with the error code that the codec has found. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
        if (thrown instanceof Http2Exception broken) {
            failed(new IOException("the peer has broken the rules of HTTP/2: " + broken.getMessage(), broken));
            reset(broken.error());
        } else {
            super.exceptionCaught(context, thrown);
        }
    }

    private static String name(long code) {
        Http2Error error = Http2Error.valueOf(code);
        return error == null ? "error " + code : error.name();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        super.channelReadComplete(context);
        giveWindowBack();
        reading = false;
    }

    @Override
    void consumed(int bytes) {
        consumed += bytes;
        if (!reading) { // otherwise the end of the read returns the bytes of all its frames at once
            giveWindowBack();
        }
    }

    /**
     * Returns consumed bytes to the peer's window (RFC 9113 §5.2). The codec combines several updates into fewer
     * frames.
     */
    private void giveWindowBack() {
        if (consumed > 0 && channel().isActive()) {
            context().write(new DefaultHttp2WindowUpdateFrame(consumed));
            consumed = 0;
            if (!reading) {
                context().flush();
            }
        }
    }

    /** Does nothing. The window stops the peer, and other frames of the stream are always read. */
    @Override
    void switchReading(boolean wanted) {}

    // Outbound

    @Override
    void accept(HttpResponse response) {
        context().write(new DefaultHttp2HeadersFrame(HttpHeads.http2(response), false));
    }

    @Override
    ChannelFuture writeRefusal(HttpResponse response) {
        context().write(new DefaultHttp2HeadersFrame(HttpHeads.http2(response), false));
        return endOutput(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(response.body()), true))
                .addListener(sent -> reset(Http2Error.NO_ERROR)); // RFC 9113 §8.1: the request is not needed any more
    }

    @Override
    Object message(ByteBuf bytes) {
        return new DefaultHttp2DataFrame(bytes);
    }

    @Override
    void shutdownOutput() {
        endOutput(new DefaultHttp2DataFrame(true));
    }

    private ChannelFuture endOutput(Http2DataFrame last) {
        ChannelFuture known = outputEnd;
        if (known == null) {
            known = context().writeAndFlush(last);
            outputEnd = known;
        }
        return known;
    }

    /**
     * Ends this direction. Closes the stream later, when all bytes have left and the peer has had time to end its
     * direction. A stream closes by itself when both directions have ended; closing it earlier would reset it.
     */
    @Override
    void finish() {
        endOutput(new DefaultHttp2DataFrame(true)).addListener(sent -> ExchangeEnd.closeSoon(context()));
    }

    @Override
    void abort() {
        reset(Http2Error.CANCEL);
    }

    /** Resets the stream with an error code of RFC 9113 §7. */
    void reset(Http2Error error) {
        ExchangeEnd.reset(context(), channel(), error);
    }
}
