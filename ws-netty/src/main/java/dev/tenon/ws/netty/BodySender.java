package dev.tenon.ws.netty;

import dev.tenon.ws.server.HostedBody;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends the body of a response after its head, one piece at a time. It reads the next piece when the channel has
 * written the one before. It closes the channel if the body cannot be read, or if the channel needs longer than {@link
 * #STALL_SECONDS} to write a piece. For the event loop's own thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, which closes this sender too
final class BodySender implements AutoCloseable {
    private static final long STALL_SECONDS = 30;

    private final ChannelHandlerContext context;
    private final HostedBody body;
    private final Consumer<ChannelFuture> finished;
    private @Nullable Future<?> stall;
    private boolean closed;

    /** @param finished receives the future of the last write */
    BodySender(ChannelHandlerContext context, HostedBody body, Consumer<ChannelFuture> finished) {
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
            context.close();
            return;
        }
        stall = context.executor().schedule((Runnable) context::close, STALL_SECONDS, TimeUnit.SECONDS);
        context.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(piece)))
                .addListener(sent -> {
                    cancelStall();
                    if (sent.isSuccess()) {
                        next();
                    } else {
                        context.close();
                    }
                });
    }

    private void cancelStall() {
        if (stall != null) {
            stall.cancel(false);
            stall = null;
        }
    }

    /** Cancels the timeout and closes the body. */
    @Override
    public void close() {
        closed = true;
        cancelStall();
        body.close();
    }
}
