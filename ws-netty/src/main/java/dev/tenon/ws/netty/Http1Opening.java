package dev.tenon.ws.netty;

import dev.tenon.ws.handshake.Agreement;
import dev.tenon.ws.handshake.ClientHandshake;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.ByteBuffer;

/** A client's opening handshake over HTTP/1.1 (RFC 6455 §4.1). */
@SuppressWarnings("FutureReturnValueIgnored") // the handlers report the end of the channel
final class Http1Opening extends ChannelInboundHandlerAdapter {
    private final ClientCall call;
    private final ClientHandshake handshake;
    private boolean sent;

    Http1Opening(ClientCall call) {
        this.call = call;
        this.handshake = call.handshake(HttpVersion.HTTP_1_1);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        if (context.channel().isActive()) {
            send(context);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        send(context);
        super.channelActive(context);
    }

    private void send(ChannelHandlerContext context) {
        if (!sent) {
            sent = true;
            context.writeAndFlush(Unpooled.wrappedBuffer(handshake.request().encode()));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            ByteBuffer input = ByteBuffer.wrap(ByteBufUtil.getBytes(bytes));
            Agreement agreement = handshake.receive(input);
            if (agreement != null) {
                accept(context, agreement, input);
            }
        } catch (HandshakeException refused) {
            call.fail(refused);
        } finally {
            bytes.release();
        }
    }

    /** Accepts the response. The bytes after the response belong to the frames. */
    private void accept(ChannelHandlerContext context, Agreement agreement, ByteBuffer rest) {
        Http1Carrier carrier = new Http1Carrier();
        context.pipeline().replace(this, null, carrier);
        if (rest.hasRemaining()) {
            carrier.received(Unpooled.wrappedBuffer(rest));
        }
        call.accepted(agreement, carrier);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        if (!call.isOver()) {
            call.fail(handshake.endOfInput());
        }
        super.channelInactive(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        call.fail(cause);
    }
}
