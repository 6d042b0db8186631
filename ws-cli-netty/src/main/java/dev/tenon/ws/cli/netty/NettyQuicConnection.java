package dev.tenon.ws.cli.netty;

import dev.tenon.ws.suite.QuicTransport;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;

/**
 * A connection of Netty's QUIC.
 *
 * @param channel the connection
 * @param timeout for each operation
 */
@SuppressWarnings("FutureReturnValueIgnored") // nothing depends on when a connection is closed
record NettyQuicConnection(QuicChannel channel, Duration timeout) implements QuicTransport.Connection {
    @Override
    public QuicTransport.Stream openStream(QuicTransport.Receiver receiver) throws IOException {
        return open(channel.createStream(QuicStreamType.BIDIRECTIONAL, new NettyQuicReceiver(receiver)));
    }

    @Override
    public QuicTransport.Stream openUnidirectionalStream() throws IOException {
        return open(channel.createStream(QuicStreamType.UNIDIRECTIONAL, new ChannelInboundHandlerAdapter()));
    }

    private QuicTransport.Stream open(Future<QuicStreamChannel> opened) throws IOException {
        NettyQuic.await(opened, timeout);
        return new Stream(opened.getNow(), timeout);
    }

    @Override
    public void close(long code) {
        channel.close(true, Math.toIntExact(code), Unpooled.EMPTY_BUFFER);
    }

    /** This end of a stream. */
    record Stream(QuicStreamChannel channel, Duration timeout) implements QuicTransport.Stream {
        @Override
        public void write(byte[] bytes) throws IOException {
            NettyQuic.await(channel.writeAndFlush(Unpooled.wrappedBuffer(bytes)), timeout);
        }

        @Override
        public void end() throws IOException {
            NettyQuic.await(channel.shutdownOutput(), timeout);
        }

        @Override
        public void reset(long code) throws IOException {
            NettyQuic.await(channel.shutdown(Math.toIntExact(code)), timeout);
        }

        @Override
        public void stopSending(long code) throws IOException {
            NettyQuic.await(channel.shutdownInput(Math.toIntExact(code)), timeout);
        }
    }
}
