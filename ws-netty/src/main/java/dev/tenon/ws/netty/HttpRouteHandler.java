package dev.tenon.ws.netty;

import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.server.HostedBody;
import dev.tenon.ws.server.HostedExchange;
import dev.tenon.ws.server.HostedRoutes;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Responds to the plain HTTP requests of a connection of HTTP/1.1, or of a stream whose frames Netty converts to
 * messages of HTTP/1.1. It handles the requests one after the other, in their order: the next one when the response to
 * the one before has left.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the handlers of the channel report its end
final class HttpRouteHandler extends SimpleChannelInboundHandler<HttpObject> {
    private static final int MOST_PIPELINED = 16;

    private final HostedRoutes routes;
    private final int maxBody;
    private final ResponseWriter writer;
    private final Queue<PlainRequest> waiting = new ArrayDeque<>(2);
    /** The request whose body is arriving. */
    private @Nullable PlainRequest reading;
    /** The request whose response has not left. */
    private @Nullable PlainRequest current;
    /** Whether the response has left before the end of its request. */
    private boolean isAnswered;

    private @Nullable HostedExchange exchange;
    private @Nullable Future<?> deadline;

    /**
     * Creates a handler for one pipeline.
     *
     * @param alternative the value of {@code Alt-Svc}, or the empty string for none
     * @param maxBody the length of the longest body that is kept, in bytes
     */
    HttpRouteHandler(HostedRoutes routes, String alternative, int maxBody) {
        this.routes = routes;
        this.maxBody = maxBody;
        this.writer = new ResponseWriter(alternative);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
        if (message instanceof HttpRequest head) {
            reading = new PlainRequest(head, context.channel(), routes, maxBody);
            waiting.add(reading);
        }
        if (message instanceof HttpContent content && reading != null) {
            read(context, reading, content);
        }
        if (waiting.size() > MOST_PIPELINED) {
            context.close();
            return;
        }
        next(context);
    }

    private void read(ChannelHandlerContext context, PlainRequest request, HttpContent content) {
        request.read(content);
        if (request.isComplete()) {
            reading = null;
            if (isAnswered) { // with Connection: close
                context.close();
            }
        }
    }

    private void next(ChannelHandlerContext context) {
        PlainRequest first;
        while (current == null
                && (first = waiting.peek()) != null
                && context.channel().isActive()) {
            if (first.isReady()) {
                current = waiting.remove();
                start(context, first);
            } else {
                if (first.takeContinue()) {
                    ResponseWriter.writeContinue(context);
                }
                return;
            }
        }
    }

    private void start(ChannelHandlerContext context, PlainRequest request) {
        HttpResponse refusal = request.refusal();
        if (refusal != null) {
            finish(context, request, refusal, null);
            return;
        }
        HostedExchange started = request.exchange();
        exchange = started;
        started.start(request.body(), response -> finish(context, request, response.response(), response.body()));
        if (exchange == started) {
            deadline = context.executor()
                    .schedule(
                            () -> tooLate(context, request, started),
                            Durations.nanos(started.responseTimeout()),
                            TimeUnit.NANOSECONDS);
        }
    }

    private void tooLate(ChannelHandlerContext context, PlainRequest request, HostedExchange late) {
        if (exchange == late) {
            finish(context, request, late.timeOut(), null);
        }
    }

    private void finish(
            ChannelHandlerContext context, PlainRequest request, HttpResponse response, @Nullable HostedBody file) {
        decided();
        writer.write(context, request, response, file, staysOpen -> sent(context, request, staysOpen));
    }

    private void decided() {
        exchange = null;
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    /** Handles the next request, or closes the channel, now that a response has left. */
    private void sent(ChannelHandlerContext context, PlainRequest request, boolean staysOpen) {
        if (!request.isComplete()) {
            isAnswered = true;
            ExchangeEnd.stopRequest(context.channel());
        } else if (staysOpen) {
            current = null;
            next(context);
        } else {
            context.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        HostedExchange open = exchange;
        decided();
        waiting.clear();
        if (open != null) {
            open.cancel();
        }
        writer.close();
        super.channelInactive(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
        ExchangeEnd.cancel(context.channel());
    }
}
