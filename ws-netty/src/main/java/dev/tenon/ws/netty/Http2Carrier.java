package dev.tenon.ws.netty;

import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
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

/**
 * A WebSocket in a stream of HTTP/2 (RFC 8441 §5): its bytes travel in DATA frames, END_STREAM is the end of a direction, and
 * RST_STREAM with CANCEL the reset of a connection. The stream's window is given back as the connection consumes, so that a
 * listener that asks for nothing stops the peer.
 */
@SuppressWarnings("FutureReturnValueIgnored") // however a stream's end turns out, channelInactive follows
final class Http2Carrier extends Carrier {
    private int consumed;
    /** Whether the codec is reading, which flushes by itself behind that. */
    private boolean reading;

    private boolean outputEnded;

    @Override
    HttpVersion version() {
        return HttpVersion.HTTP_2;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        super.handlerAdded(added);
        added.channel().config().setOption(Http2StreamChannelOption.AUTO_STREAM_FLOW_CONTROL, false);
    }

    // What comes

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
        } else if (message instanceof Http2HeadersFrame) { // trailers, which a WebSocket does not have
            failed(new IOException("the peer has sent header fields where the bytes of a WebSocket belong"));
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
            failed(new IOException(
                    "the peer goes away without having processed the stream: " + name(away.errorCode())));
        }
        super.userEventTriggered(context, event);
    }

    /** What the codec has found wrong with the stream is what the peer is told. */
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
        giveWindowBack();
    }

    /** RFC 9113 §5.2; the codec gathers what it is told into fewer frames. */
    private void giveWindowBack() {
        if (consumed > 0 && channel().isActive()) {
            context().write(new DefaultHttp2WindowUpdateFrame(consumed));
            consumed = 0;
            if (!reading) {
                context().flush();
            }
        }
    }

    /** The window stops the peer; what else comes on the stream is wanted at any time. */
    @Override
    void switchReading(boolean wanted) {}

    // What leaves

    @Override
    void accept(HttpResponse response) {
        context().write(new DefaultHttp2HeadersFrame(HttpHeads.http2(response), false));
    }

    @Override
    void refuse(HttpResponse response) {
        outputEnded = true;
        context().write(new DefaultHttp2HeadersFrame(HttpHeads.http2(response), false));
        context()
                .writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(response.body()), true))
                .addListener(sent -> reset(Http2Error.NO_ERROR)); // RFC 9113 §8.1: nothing more is wanted
    }

    @Override
    Object message(ByteBuf bytes) {
        return new DefaultHttp2DataFrame(bytes);
    }

    @Override
    void shutdownOutput() {
        if (!outputEnded) {
            outputEnded = true;
            context().writeAndFlush(new DefaultHttp2DataFrame(true));
        }
    }

    /** A stream whose two directions have ended is closed; closing it before would be a reset. */
    @Override
    void finish() {
        shutdownOutput();
        closeSoon();
    }

    @Override
    void abort() {
        reset(Http2Error.CANCEL);
    }

    /** Ends the stream with an error of RFC 9113 §7. */
    void reset(Http2Error error) {
        context()
                .writeAndFlush(new DefaultHttp2ResetFrame(error))
                .addListener(sent -> context().close());
    }
}
