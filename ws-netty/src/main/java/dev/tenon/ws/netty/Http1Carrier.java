package dev.tenon.ws.netty;

import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Carries a WebSocket on a connection of its own, after an upgrade of HTTP/1.1 (RFC 6455 §4). */
@SuppressWarnings("FutureReturnValueIgnored") // channelInactive follows, whether or not an operation succeeds
final class Http1Carrier extends Carrier {
    @Override
    HttpVersion version() {
        return HttpVersion.HTTP_1_1;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        super.handlerAdded(added);
        added.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true); // a Close frame may follow the end
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes) {
            received(bytes);
        } else {
            context.fireChannelRead(message);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof SslCloseCompletionEvent closed && closed.isSuccess()) { // close_notify, RFC 8446 §6.1
            inputEnded();
        }
        super.userEventTriggered(context, event);
    }

    @Override
    void accept(HttpResponse response) {
        context().write(bytes(response));
    }

    @Override
    ChannelFuture writeRefusal(HttpResponse response) {
        return context().writeAndFlush(bytes(response)).addListener(sent -> close());
    }

    private static ByteBuf bytes(HttpResponse response) {
        ByteBuffer body = response.body();
        HttpResponse whole = response.status() == 101
                ? response
                : response.withHeaders(response.headers().toBuilder()
                        .remove("Content-Length")
                        .add("Content-Length", Integer.toString(body.remaining()))
                        .build());
        return Unpooled.wrappedBuffer(whole.encode());
    }

    @Override
    Object message(ByteBuf bytes) {
        return bytes;
    }

    @Override
    void shutdownOutput() {
        SslHandler tls = tls();
        if (tls != null) {
            whenWritten().addListener(written -> tls.closeOutbound());
        } else if (channel() instanceof DuplexChannel duplex) {
            whenWritten().addListener(written -> duplex.shutdownOutput());
        } else {
            finish();
        }
    }

    @Override
    void finish() {
        whenWritten().addListener(written -> close());
    }

    @Override
    void abandon() {
        finish();
    }

    private void close() {
        context().close();
    }

    private ChannelFuture whenWritten() {
        return context().writeAndFlush(Unpooled.EMPTY_BUFFER);
    }

    /** Closes the channel without its handlers, because the TLS handler would first send its pending bytes. */
    @Override
    void abort() {
        channel().unsafe().close(channel().voidPromise());
    }

    private @Nullable SslHandler tls() {
        return channel().pipeline().get(SslHandler.class);
    }
}
