package dev.tenon.ws.netty;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection of HTTP/1.1 if no complete request arrives in time. The time starts at the beginning of the
 * connection, and again when a response has left and no other request waits for its response. The handler is behind the
 * codec. It leaves the pipeline when a WebSocket opens, which has its own deadlines.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the handlers of the channel report its end
final class RequestDeadline extends ChannelDuplexHandler {
    private final Duration timeout;
    private @Nullable Future<?> deadline;
    /**
     * The number of complete requests whose response has not left. It is negative after a response that has left before
     * the end of its request.
     */
    private int unanswered;

    RequestDeadline(Duration timeout) {
        this.timeout = timeout;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        restart(context);
    }

    private void restart(ChannelHandlerContext context) {
        cancel();
        if (unanswered <= 0 && context.channel().isActive() && !context.isRemoved()) {
            deadline = context.executor().schedule((Runnable) context::close, timeout.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof LastHttpContent) {
            unanswered++;
            restart(context);
        }
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        ChannelPromise written = promise;
        if (HttpHeads.endsResponse(message)) {
            written = promise.unvoid();
            written.addListener(sent -> {
                unanswered--;
                restart(context);
            });
        }
        context.write(message, written);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        cancel();
        super.channelInactive(context);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        cancel();
    }

    private void cancel() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }
}
