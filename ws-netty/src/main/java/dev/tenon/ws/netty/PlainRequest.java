package dev.tenon.ws.netty;

import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.RequestViolation;
import dev.tenon.ws.server.HostedExchange;
import dev.tenon.ws.server.HostedRoutes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A plain request whose head has arrived, and the exchange of its route. It keeps the body up to the limit of the route,
 * and refuses a longer one with 413, before it is read if the head gives its length. For the event loop's own thread.
 */
final class PlainRequest {
    private final String method;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private @Nullable HostedExchange exchange;
    private @Nullable HttpResponse refusal;
    private int maxBody;
    private boolean keepAlive;
    private boolean awaitsContinue;
    private boolean complete;

    /**
     * Begins the exchange of a request.
     *
     * @param maxBody the limit of the server, in bytes; a route may have a lower one
     */
    PlainRequest(HttpRequest message, Channel channel, HostedRoutes routes, int maxBody) {
        method = message.method().name();
        complete = message.decoderResult().isFailure(); // the decoder reads nothing more
        try {
            dev.tenon.ws.handshake.HttpRequest head = HttpHeads.request(message);
            HttpHeads.requireShort(message.headers());
            keepAlive = HttpUtil.isKeepAlive(message);
            HostedExchange begun = routes.exchange(Peers.request(channel, head), LoopContext.of(channel.eventLoop()));
            if (begun.isWebSocket()) { // an Upgrade in HTTP/2 or HTTP/3, which do not have it
                throw HandshakeException.refuse(400, "in HTTP/2 and HTTP/3 an extended CONNECT requests a WebSocket");
            }
            exchange = begun;
            this.maxBody = Math.min(maxBody, begun.maxBody());
            awaitsContinue = HttpUtil.is100ContinueExpected(message);
            if (HttpUtil.getContentLength(message, 0L) > this.maxBody || (awaitsContinue && this.maxBody == 0)) {
                throw tooLong();
            }
        } catch (HandshakeException refused) {
            refusal = refused.toResponse();
        }
    }

    private HandshakeException tooLong() {
        return HandshakeException.refuse(RequestViolation.BODY_TOO_LONG, "the limit is " + maxBody + " bytes");
    }

    /** Keeps a piece of the body, or drops it if the request is refused. */
    void read(HttpContent content) {
        complete = content instanceof LastHttpContent;
        if (refusal != null) {
            return;
        }
        ByteBuf bytes = content.content();
        if (content.decoderResult().isFailure()) {
            keepAlive = false;
            refuse(HandshakeException.refuse(400, "not HTTP"));
        } else if (bytes.readableBytes() > maxBody - body.size()) {
            refuse(tooLong());
        } else {
            keep(bytes);
        }
    }

    private void keep(ByteBuf bytes) {
        try {
            bytes.readBytes(body, bytes.readableBytes());
        } catch (IOException impossible) { // an array throws none
            throw new UncheckedIOException(impossible);
        }
    }

    private void refuse(HandshakeException why) {
        refusal = why.toResponse();
        body.reset();
    }

    String method() {
        return method;
    }

    /** Whether the whole request has arrived. */
    boolean isComplete() {
        return complete;
    }

    /** Whether the request can be answered: it is complete or refused. */
    boolean isReady() {
        return complete || refusal != null;
    }

    /** Whether the connection may stay open after the response. */
    boolean keepsAlive() {
        return keepAlive && complete;
    }

    /** Returns true once if the client waits for {@code 100 Continue} (RFC 9110 §10.1.1). */
    boolean takeContinue() {
        boolean awaited = awaitsContinue;
        awaitsContinue = false;
        return awaited;
    }

    /** Returns the response of a request that is refused without its route, or null. */
    @Nullable
    HttpResponse refusal() {
        return refusal;
    }

    /** Returns the exchange of a request that is not refused. */
    HostedExchange exchange() {
        HostedExchange begun = exchange;
        if (begun == null) {
            throw new IllegalStateException("the request is refused");
        }
        return begun;
    }

    ByteBuffer body() {
        return ByteBuffer.wrap(body.toByteArray()).asReadOnlyBuffer();
    }
}
