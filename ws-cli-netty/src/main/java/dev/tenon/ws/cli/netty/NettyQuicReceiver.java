package dev.tenon.ws.cli.netty;

import dev.tenon.ws.suite.QuicTransport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.util.ReferenceCountUtil;

/** Passes on what the peer sends on a stream. */
final class NettyQuicReceiver extends ChannelInboundHandlerAdapter {
    private final QuicTransport.Receiver receiver;
    private boolean over;

    NettyQuicReceiver(QuicTransport.Receiver receiver) {
        this.receiver = receiver;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes) {
            receiver.received(ByteBufUtil.getBytes(bytes));
        }
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE && !over) {
            over = true;
            receiver.ended();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof QuicStreamResetException reset && !over) {
            over = true;
            receiver.reset(reset.applicationProtocolCode());
        }
    }
}
