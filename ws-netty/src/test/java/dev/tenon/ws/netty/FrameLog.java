package dev.tenon.ws.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler.HandshakeComplete;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A handler like those of Netty's users, which records its events as text. */
class FrameLog extends SimpleChannelInboundHandler<WebSocketFrame> {
    final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    final CompletableFuture<ChannelHandlerContext> context = new CompletableFuture<>();

    String next() throws InterruptedException {
        return String.valueOf(events.poll(60, TimeUnit.SECONDS));
    }

    ChannelHandlerContext context() throws Exception {
        return context.get(60, TimeUnit.SECONDS);
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        events.add("active");
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext opened, Object event) {
        if (event instanceof HandshakeComplete complete) {
            events.add("open " + complete.requestUri() + " " + complete.selectedSubprotocol() + " "
                    + complete.requestHeaders().get("X-Token"));
            context.complete(opened);
        } else if (event == WebSocketClientProtocolHandler.ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
            events.add("open");
            context.complete(opened);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
        events.add(describe(frame));
    }

    private static String describe(WebSocketFrame frame) {
        String more = frame.isFinalFragment() ? "" : " more";
        if (frame instanceof CloseWebSocketFrame close) {
            return "close " + close.statusCode() + " " + close.reasonText();
        }
        String kind = frame instanceof TextWebSocketFrame
                ? "text"
                : frame instanceof BinaryWebSocketFrame
                        ? "binary"
                        : frame instanceof ContinuationWebSocketFrame
                                ? "continuation"
                                : frame instanceof PingWebSocketFrame ? "ping" : "pong";
        boolean bytes = frame instanceof BinaryWebSocketFrame || frame instanceof ContinuationWebSocketFrame;
        String content = bytes
                ? frame.content().readableBytes() + " bytes"
                : frame.content().toString(StandardCharsets.UTF_8);
        return kind + " " + content + more;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
        events.add(
                thrown instanceof CorruptedWebSocketFrameException broken
                        ? "broken " + broken.closeStatus().code()
                        : "failed " + thrown);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        events.add("inactive");
    }
}
