package dev.tenon.ws.netty;

import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Exception;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3HeadersValidationException;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Carries a WebSocket in a stream of HTTP/3 (RFC 9220 §3). The bytes travel in DATA frames. The end of a direction of
 * the stream is the end of that direction of the WebSocket, and a reset of the stream is a reset of the WebSocket's
 * connection. While the channel does not read, QUIC stops the peer.
 */
@SuppressWarnings("FutureReturnValueIgnored") // channelInactive follows, whether or not an operation succeeds
final class Http3Carrier extends Carrier {
    /** A frame of DATA without content: its type and its length (RFC 9114 §7.2.1). */
    private static final byte[] EMPTY_DATA = {0, 0};

    private boolean inputOver;
    /** Whether both directions shall end, and all bytes of this one have left. */
    private boolean finished;
    /** The end of this direction, once it is written. It completes when all bytes before it have left. */
    private @Nullable ChannelFuture outputEnd;

    @Override
    HttpVersion version() {
        return HttpVersion.HTTP_3;
    }

    @Override
    @Nullable
    SocketAddress remoteAddress() {
        return channel().parent() instanceof QuicChannel quic ? quic.remoteSocketAddress() : null;
    }

    // Inbound

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Http3DataFrame data) {
            received(data.content());
        } else if (message instanceof Http3HeadersFrame) {
            headersReceived();
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    /** Header fields inside the stream of a WebSocket are a connection error (RFC 9114 §4.4). */
    private void headersReceived() {
        failed(new IOException("the peer has sent header fields inside the stream of a WebSocket"));
        stream().parent().close(true, Http3ErrorCode.H3_FRAME_UNEXPECTED.code(), Unpooled.EMPTY_BUFFER);
    }

    @Override
    void inputEnded() {
        inputOver = true;
        super.inputEnded();
        if (finished) {
            close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
        if (isDecided() && isMalformed(thrown)) {
            headersReceived();
            return;
        }
        super.exceptionCaught(
                context,
                thrown instanceof QuicException quic
                        ? new IOException("the peer has reset the stream: " + quic.getMessage(), quic)
                        : thrown);
    }

    /** Whether the codec has refused header fields that break a rule of RFC 9114 §4.1.2. */
    static boolean isMalformed(Throwable thrown) {
        return thrown instanceof Http3HeadersValidationException
                || (thrown instanceof Http3Exception error && error.errorCode() == Http3ErrorCode.H3_MESSAGE_ERROR);
    }

    // Outbound

    @Override
    void accept(HttpResponse response) {
        context().write(new DefaultHttp3HeadersFrame(HttpHeads.http3(response)));
    }

    @Override
    ChannelFuture writeRefusal(HttpResponse response) {
        context().write(new DefaultHttp3HeadersFrame(HttpHeads.http3(response)));
        if (response.body().hasRemaining()) {
            context().write(new DefaultHttp3DataFrame(Unpooled.wrappedBuffer(response.body())));
        }
        return endOutput().addListener(sent -> stream().shutdownInput(Http3ErrorCode.H3_NO_ERROR.code()));
    }

    @Override
    Object message(ByteBuf bytes) {
        return new DefaultHttp3DataFrame(bytes);
    }

    @Override
    void shutdownOutput() {
        endOutput();
    }

    /**
     * Ends this direction after all written bytes, some of which the stream may still hold for lack of window. Netty's
     * {@code shutdownOutput} would overtake them. The codec does not pass the end on, so it is written below all
     * handlers.
     *
     * <p>The end has a frame of DATA without content in front of it. quiche forgets a stream whose peer has ended it as
     * soon as all its bytes are acknowledged, even if its own end was lost or not sent yet (cloudflare/quiche#2525). So
     * the last bytes and the end have to be in one packet.
     */
    private ChannelFuture endOutput() {
        ChannelFuture known = outputEnd;
        if (known == null) {
            ChannelHandlerContext lowest = channel().pipeline().firstContext();
            known = (lowest == null ? context() : lowest)
                    .write(new DefaultQuicStreamFrame(Unpooled.wrappedBuffer(EMPTY_DATA), true));
            outputEnd = known;
        }
        return known;
    }

    /**
     * Ends this direction. When all bytes have left, closes the stream as soon as the peer has ended its direction too,
     * or after a while. Bytes that the peer still sends are dropped.
     */
    @Override
    void finish() {
        endOutput().addListener(sent -> {
            finished = true;
            if (inputOver) {
                close();
            } else {
                ExchangeEnd.closeSoon(context());
            }
        });
    }

    @Override
    void abort() {
        reset(Http3ErrorCode.H3_REQUEST_CANCELLED);
    }

    /** Resets both directions with an error code of RFC 9114 §8.1. */
    void reset(Http3ErrorCode error) {
        reset(stream(), error);
    }

    /** Resets both directions of a stream with an error code of RFC 9114 §8.1. */
    static void reset(QuicStreamChannel stream, Http3ErrorCode error) {
        stream.shutdown(error.code(), stream.newPromise()).addListener(ended -> stream.close());
    }

    private void close() {
        context().close();
    }

    private QuicStreamChannel stream() {
        return (QuicStreamChannel) channel();
    }
}
