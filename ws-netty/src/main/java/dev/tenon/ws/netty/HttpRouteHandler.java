package dev.tenon.ws.netty;

import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.server.HostedBody;
import dev.tenon.ws.server.HostedExchange;
import dev.tenon.ws.server.HostedResponse;
import dev.tenon.ws.server.HostedRoutes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Responds to the plain HTTP requests of a connection of HTTP/1.1, or of a stream whose frames Netty converts to
 * messages of HTTP/1.1. It handles the requests one after the other, in their order: the
 * next one when the response to the one before has left.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the handlers of the channel report its end
final class HttpRouteHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final int MOST_PIPELINED = 16;

    private record Waiting(HttpRequest head, ByteBuffer body, boolean keepAlive) {}

    private final HostedRoutes routes;
    /** The value of {@code Alt-Svc}, or the empty string for none. */
    private final String alternative;

    private final Queue<Waiting> waiting = new ArrayDeque<>(2);
    private @Nullable HostedExchange exchange;
    private @Nullable Future<?> deadline;
    private @Nullable BodySender sending;
    private boolean busy;

    HttpRouteHandler(HostedRoutes routes, String alternative) {
        this.routes = routes;
        this.alternative = alternative;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest message) {
        HttpRequest head;
        try {
            head = HttpHeads.request(message);
        } catch (HandshakeException malformed) {
            send(context, "GET", malformed.toResponse(), false);
            return;
        }
        ByteBuf content = message.content();
        ByteBuffer body = content.isReadable()
                ? ByteBuffer.wrap(ByteBufUtil.getBytes(content)).asReadOnlyBuffer()
                : ByteBuffer.allocate(0);
        waiting.add(new Waiting(head, body, HttpUtil.isKeepAlive(message)));
        if (waiting.size() > MOST_PIPELINED) {
            context.close();
            return;
        }
        next(context);
    }

    private void next(ChannelHandlerContext context) {
        while (!busy && !waiting.isEmpty() && context.channel().isActive()) {
            busy = true;
            start(context, waiting.remove());
        }
    }

    private void start(ChannelHandlerContext context, Waiting request) {
        HttpRequest head = request.head();
        try {
            HostedExchange started = routes.exchange(
                    Peers.request(context.channel(), head),
                    LoopContext.of(context.channel().eventLoop()));
            if (started.isWebSocket()) { // an Upgrade in HTTP/2 or HTTP/3, which do not have it
                throw HandshakeException.refuse(400, "in HTTP/2 and HTTP/3 an extended CONNECT requests a WebSocket");
            }
            exchange = started;
            started.start(request.body(), response -> respond(context, request, response));
            if (exchange == started) {
                deadline = context.executor()
                        .schedule(
                                () -> tooLate(context, request, started),
                                started.responseTimeout().toNanos(),
                                TimeUnit.NANOSECONDS);
            }
        } catch (HandshakeException refusal) {
            finish(context, request, refusal.toResponse());
        }
    }

    private void respond(ChannelHandlerContext context, Waiting request, HostedResponse response) {
        HostedBody file = response.body();
        HttpResponse head = response.response();
        if (file == null && head.body().remaining() <= BodyPieces.LONGEST) {
            finish(context, request, head);
        } else {
            decided();
            sendBody(context, request, head, file == null ? BodyPieces.of(head.body()) : BodyPieces.of(file));
        }
    }

    private void tooLate(ChannelHandlerContext context, Waiting request, HostedExchange late) {
        if (exchange == late) {
            finish(context, request, late.timeOut());
        }
    }

    private void finish(ChannelHandlerContext context, Waiting request, HttpResponse response) {
        decided();
        send(context, request.head().method(), response, request.keepAlive());
    }

    private void decided() {
        exchange = null;
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    /** Sends the head and then the body, one piece at a time. The response to a HEAD request has no body. */
    private void sendBody(ChannelHandlerContext context, Waiting request, HttpResponse response, BodyPieces body) {
        DefaultHttpResponse head = new DefaultHttpResponse(
                io.netty.handler.codec.http.HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(response.status(), response.reason()));
        boolean staysOpen = addHeaders(head, response, body.remaining(), request.keepAlive());
        context.write(head);
        BodySender sender = new BodySender(context, body, sent -> {
            sending = null;
            goOn(context, sent, staysOpen);
        });
        sending = sender;
        if (request.head().method().equals("HEAD")) {
            sender.end();
        } else {
            sender.next();
        }
    }

    private void send(ChannelHandlerContext context, String method, HttpResponse response, boolean keepAlive) {
        ByteBuffer body = response.body();
        FullHttpResponse message = new DefaultFullHttpResponse(
                io.netty.handler.codec.http.HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(response.status(), response.reason()),
                method.equals("HEAD") ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
        boolean staysOpen = addHeaders(message, response, body.remaining(), keepAlive);
        goOn(context, context.writeAndFlush(message), staysOpen);
    }

    /** Handles the next request when a response has left, or closes the channel. */
    private void goOn(ChannelHandlerContext context, ChannelFuture response, boolean staysOpen) {
        WriteStall.limit(context.channel(), response);
        response.addListener(sent -> {
            if (staysOpen) {
                busy = false;
                next(context);
            } else {
                context.close();
            }
        });
    }

    /** Adds the header fields. Returns whether the connection stays open after the response. */
    private boolean addHeaders(
            io.netty.handler.codec.http.HttpResponse message, HttpResponse response, long length, boolean keepAlive) {
        boolean staysOpen = keepAlive && !response.headers().hasToken("Connection", "close");
        response.headers().forEach(message.headers()::add);
        if (response.status() != 204 && response.status() != 304) {
            message.headers().set(HttpHeaderNames.CONTENT_LENGTH, length);
        }
        if (!alternative.isEmpty()) { // RFC 7838 §3
            message.headers().set("Alt-Svc", alternative);
        }
        HttpUtil.setKeepAlive(message, staysOpen);
        return staysOpen;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        HostedExchange open = exchange;
        exchange = null;
        waiting.clear();
        if (deadline != null) {
            deadline.cancel(false);
        }
        if (open != null) {
            open.cancel();
        }
        if (sending != null) {
            sending.close();
        }
        super.channelInactive(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
        context.close();
    }
}
