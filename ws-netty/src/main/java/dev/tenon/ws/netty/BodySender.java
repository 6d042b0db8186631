package dev.tenon.ws.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends the body of a response after its head, one piece at a time. It reads the next piece when the channel has
 * written the one before. It ends the channel if the body cannot be read, or if the peer does not take a piece in time
 * ({@link ExchangeEnd}). For the event loop's own thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, which closes this sender too
final class BodySender implements AutoCloseable {
    private final ChannelHandlerContext context;
    private final BodyPieces body;
    private final Consumer<ChannelFuture> finished;
    private boolean closed;

    /** @param finished receives the future of the last write */
    BodySender(ChannelHandlerContext context, BodyPieces body, Consumer<ChannelFuture> finished) {
        this.context = context;
        this.body = body;
        this.finished = finished;
    }

    /** Sends the next piece, or ends the message if no piece is left. */
    void next() {
        if (closed) {
            return;
        }
        if (body.remaining() == 0) {
            end();
        } else {
            body.read(this::write);
        }
    }

    /** Ends the message without further pieces. */
    void end() {
        close();
        finished.accept(context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
    }

    private void write(@Nullable ByteBuffer piece, @Nullable Throwable failure) {
        if (closed) {
            return;
        }
        if (piece == null) {
            ExchangeEnd.cancel(context.channel());
            return;
        }
        ChannelFuture write = context.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(piece)));
        ExchangeEnd.cancelIfStalled(context.channel(), write);
        write.addListener(sent -> {
            if (sent.isSuccess()) {
                next();
            } else {
                context.close();
            }
        });
    }

    /** Closes the body. */
    @Override
    public void close() {
        closed = true;
        body.close();
    }
}
