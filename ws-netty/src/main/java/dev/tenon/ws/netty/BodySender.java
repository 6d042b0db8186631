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
 * Sends the body of a response behind its head, a piece at a time: the next piece is read when the piece before has left.
 * Closes the channel if the file cannot be read, or if its client takes nothing for a while. For the event loop's own thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the channel is closed if a write fails, and then this is closed too
final class BodySender implements AutoCloseable {
    private static final long STALL_SECONDS = 30;

    private final ChannelHandlerContext context;
    private final HostedBody body;
    private final Consumer<ChannelFuture> finished;
    private @Nullable Future<?> stall;
    private boolean closed;

    /** @param finished takes the future of the last write */
    BodySender(ChannelHandlerContext context, HostedBody body, Consumer<ChannelFuture> finished) {
        this.context = context;
        this.body = body;
        this.finished = finished;
    }

    /** Sends the next piece, or the end of the body. */
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

    /** Ends the message here. */
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

    /** Closes the file. */
    @Override
    public void close() {
        closed = true;
        cancelStall();
        body.close();
    }
}
