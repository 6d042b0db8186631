package dev.tenon.ws.benchmarks.carriers;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;

/** Opens a stream by an extended CONNECT (RFC 8441 §5), and counts the following bytes. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed load is visible by its missing messages
final class Http2LoadHandler extends ChannelInboundHandlerAdapter {
    private final LoadSocket socket;

    Http2LoadHandler(LoadSocket socket) {
        this.socket = socket;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        ask(context);
    }

    private static void ask(ChannelHandlerContext context) {
        Http2Headers request = new DefaultHttp2Headers()
                .method("CONNECT")
                .scheme("http")
                .authority("127.0.0.1")
                .path("/echo");
        request.add(":protocol", "websocket");
        request.add("sec-websocket-version", "13");
        context.writeAndFlush(new DefaultHttp2HeadersFrame(request, false));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof Http2DataFrame data) {
                socket.received(data.content().readableBytes());
            } else if (message instanceof Http2HeadersFrame head) {
                if (!"200".contentEquals(head.headers().status())) {
                    throw new IllegalStateException("the server has refused: " + head.headers());
                }
                socket.opened(
                        context.channel(),
                        frames -> context.writeAndFlush(new DefaultHttp2DataFrame(frames), context.voidPromise()));
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        socket.readComplete();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        System.err.println("a stream has failed: " + cause);
        context.close();
    }
}
