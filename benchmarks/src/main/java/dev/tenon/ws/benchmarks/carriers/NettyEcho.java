package dev.tenon.ws.benchmarks.carriers;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.function.Consumer;

/**
 * Netty's own handlers. Over HTTP/2 it has none: there its frame decoder and encoder stand in the pipeline of a stream, behind
 * a handler that takes the bytes out of DATA frames and puts them into some.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the load sees what does not come back
final class NettyEcho {
    private NettyEcho() {}

    private static WebSocketDecoderConfig decoder() {
        return WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(1 << 20)
                .build();
    }

    static void addHttp1(ChannelPipeline pipeline) {
        WebSocketServerProtocolConfig config = WebSocketServerProtocolConfig.newBuilder()
                .websocketPath("/echo")
                .decoderConfig(decoder())
                .build();
        pipeline.addLast(
                new HttpServerCodec(),
                new HttpObjectAggregator(8192),
                new WebSocketServerProtocolHandler(config),
                new Echo());
    }

    static void addHttp2(ChannelPipeline pipeline) {
        Http2FrameCodec codec = Http2FrameCodecBuilder.forServer()
                .initialSettings(Http2Settings.defaultSettings().connectProtocolEnabled(true))
                .build();
        addHttp2(
                pipeline,
                codec,
                stream -> stream.addLast(
                        new StreamBytes(),
                        new WebSocket13FrameDecoder(decoder()),
                        new WebSocket13FrameEncoder(false),
                        new Utf8FrameValidator(),
                        new Echo()));
    }

    /** Adds HTTP/2 with streams of one handler each, which holds and does as little as possible. */
    static void addBareHttp2(ChannelPipeline pipeline) {
        addHttp2(pipeline, LongFrameCodec.ofServer(), stream -> stream.addLast(new BareEcho.OfStream()));
    }

    private static void addHttp2(ChannelPipeline pipeline, Http2FrameCodec codec, Consumer<ChannelPipeline> handlers) {
        pipeline.addLast(codec, new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel stream) {
                handlers.accept(stream.pipeline());
            }
        }));
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof WebSocketFrame frame) {
                context.write(frame, context.voidPromise());
            } else {
                context.fireChannelRead(message);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    /** The bytes of a stream (RFC 8441 §5). */
    private static final class StreamBytes extends ChannelDuplexHandler {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof Http2DataFrame data) {
                context.fireChannelRead(data.content());
            } else if (message instanceof Http2HeadersFrame) {
                context.writeAndFlush(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200"), false));
            } else {
                context.fireChannelRead(message);
            }
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            context.write(message instanceof ByteBuf bytes ? new DefaultHttp2DataFrame(bytes) : message, promise);
        }
    }
}
