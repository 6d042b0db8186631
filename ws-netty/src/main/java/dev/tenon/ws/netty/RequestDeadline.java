package dev.tenon.ws.netty;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection of HTTP/1.1, or resets a stream, if no complete request arrives in time. The time starts at the
 * beginning of the connection or stream, and again when a response has left and no other request waits for its response.
 * The handler is behind the codec. It leaves the pipeline when a WebSocket opens, which has its own deadlines.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the handlers of the channel report its end
final class RequestDeadline extends ChannelDuplexHandler {
    private final long timeoutNanos;
    private long nextNanos;
    private @Nullable Future<?> deadline;
    /**
     * The number of complete requests whose response has not left. It is negative after a response that has left before
     * the end of its request.
     */
    private int unanswered;

    /**
     * Creates a handler for one pipeline.
     *
     * @param timeoutNanos how long the client may take for a request
     * @param firstNanos how long it may take for the first one
     */
    RequestDeadline(long timeoutNanos, long firstNanos) {
        this.timeoutNanos = timeoutNanos;
        this.nextNanos = firstNanos;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        restart(context);
    }

    private void restart(ChannelHandlerContext context) {
        cancel();
        if (unanswered <= 0 && context.channel().isActive() && !context.isRemoved()) {
            deadline = context.executor()
                    .schedule(() -> ExchangeEnd.cancel(context.channel()), nextNanos, TimeUnit.NANOSECONDS);
        }
        nextNanos = timeoutNanos;
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
