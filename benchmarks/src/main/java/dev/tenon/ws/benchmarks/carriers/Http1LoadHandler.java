package dev.tenon.ws.benchmarks.carriers;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;

/** Upgrades a connection (RFC 6455 §4.1), and counts the following bytes. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed load is visible by its missing messages
final class Http1LoadHandler extends ChannelInboundHandlerAdapter {
    private static final String REQUEST = String.join(
            "\r\n",
            "GET /echo HTTP/1.1",
            "Host: 127.0.0.1",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
            "",
            "");

    private final LoadSocket socket;
    private final StringBuilder head = new StringBuilder();
    private boolean open;

    Http1LoadHandler(LoadSocket socket) {
        this.socket = socket;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.writeAndFlush(Unpooled.copiedBuffer(REQUEST, StandardCharsets.US_ASCII));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            while (!open && bytes.isReadable()) {
                head.append((char) bytes.readByte());
                if (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) >= 0) {
                    open(context);
                }
            }
            socket.received(bytes.readableBytes());
        } finally {
            bytes.release();
        }
    }

    private void open(ChannelHandlerContext context) {
        if (!head.toString().startsWith("HTTP/1.1 101 ")) {
            throw new IllegalStateException("the server has refused: " + head);
        }
        open = true;
        socket.opened(context.channel(), frames -> context.writeAndFlush(frames, context.voidPromise()));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        socket.readComplete();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        System.err.println("a connection has failed: " + cause);
        context.close();
    }
}
