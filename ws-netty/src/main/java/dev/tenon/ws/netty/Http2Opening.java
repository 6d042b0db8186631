package dev.tenon.ws.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;

/**
 * A client's connection of HTTP/2. It waits for the server's settings, and opens a stream if they allow WebSockets (RFC
 * 8441 §3).
 */
@SuppressWarnings("FutureReturnValueIgnored") // the handlers of a stream report its outcome
final class Http2Opening extends ChannelInboundHandlerAdapter {
    private final ClientCall call;
    private boolean settingsReceived;

    private Http2Opening(ClientCall call) {
        this.call = call;
    }

    static void addTo(ChannelPipeline pipeline, ClientCall call) {
        pipeline.addLast(
                Http2FrameCodecBuilder.forClient()
                        .frameLogger(TunnelLength.OfHttp2.FILTER)
                        .initialSettings(Http2Settings.defaultSettings()
                                .pushEnabled(false)
                                .maxHeaderListSize(HttpHeads.LONGEST_READ)
                                .initialWindowSize(ExtendedConnect.STREAM_WINDOW))
                        .build(),
                new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
                new Http2Opening(call));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        if (context.channel().isActive()) {
            widen(context);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        widen(context);
        super.channelActive(context);
    }

    /**
     * Enlarges the window of the connection. The window update must follow the preface, which the codec sends when the
     * channel becomes active.
     */
    private static void widen(ChannelHandlerContext context) {
        context.writeAndFlush(
                new DefaultHttp2WindowUpdateFrame(ExtendedConnect.STREAM_WINDOW),
                context.channel().voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Http2SettingsFrame frame && !settingsReceived) {
            settingsReceived = true;
            if (Boolean.TRUE.equals(frame.settings().connectProtocolEnabled())) {
                open(context.channel());
            } else {
                call.fallBackToHttp1("the server has not announced WebSocket over HTTP/2 (RFC 8441)");
            }
        }
        ReferenceCountUtil.release(message);
    }

    private void open(Channel connection) {
        new Http2StreamChannelBootstrap(connection).open().addListener(opened -> {
            if (opened.isSuccess()) {
                call.guard(() -> new StreamOpening(call, new Http2Carrier()).start((Channel) opened.getNow()));
            } else {
                call.failIfFailed(opened);
            }
        });
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        if (!settingsReceived) {
            call.fail(new IOException("the server closed the connection without a response"));
        }
        super.channelInactive(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        call.fail(cause);
        if (!(cause instanceof Http2Exception)) { // for which the codec sends GOAWAY with the error code, and closes
            context.close();
        }
    }
}
