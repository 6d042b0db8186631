package dev.tenon.ws.netty;

import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.handshake.RequestViolation;
import dev.tenon.ws.server.HostedRoutes;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Upgrades the requests for a WebSocket at a route, and forwards all others. It works in three kinds of pipeline: that
 * of a connection, behind Netty's {@link HttpServerCodec} (RFC 6455); that of a stream of HTTP/2 (RFC 8441); and that
 * of a stream of HTTP/3 (RFC 9220). Each pipeline needs a new handler.
 *
 * <pre>{@code
 * HostedRoutes routes = HostedRoutes.builder()
 *         .route("/rooms/{room}", upgrade -> upgrade.accept(new Member(upgrade.pathParameter("room"))))
 *         .build();
 *
 * pipeline.addLast(new HttpServerCodec(), new WebSocketHandler(routes), yourHttpHandler);      // HTTP/1.1
 * ExtendedConnect.addHttp2(pipeline, () -> new WebSocketHandler(routes));                      // HTTP/2
 * pipeline.addLast(ExtendedConnect.http3(() -> new WebSocketHandler(routes)));                 // HTTP/3 (QuicChannel)
 * }</pre>
 *
 * <p>When it accepts an upgrade over HTTP/1.1, the handlers of HTTP/1.1 leave the pipeline or receive no more messages.
 * In a stream, the handlers behind it receive no more messages. The WebSocket belongs to the channel's event loop. The
 * listener is called on this loop unless the route has an executor.
 */
@SuppressWarnings(
        "FutureReturnValueIgnored") // the handlers of the channel report its end, whether or not a write succeeds
public final class WebSocketHandler extends ChannelDuplexHandler {
    private final HostedRoutes routes;
    private final Function<HttpRequest, @Nullable WireTap> taps;
    /** The handlers of plain requests of HTTP/1.1, which leave the pipeline with the upgrade. */
    private final List<ChannelHandler> plain;
    /** The head of an upgrade of HTTP/1.1 whose request has not been read completely. */
    private @Nullable HttpRequest upgrade;
    /** The number of requests of HTTP/1.1 that were forwarded and have no response yet. */
    private int unanswered;

    /**
     * Creates a handler for one pipeline.
     *
     * @param routes the routes whose upgrades are handled; plain HTTP requests for these routes are forwarded too
     */
    public WebSocketHandler(HostedRoutes routes) {
        this(routes, request -> null, List.of());
    }

    WebSocketHandler(HostedRoutes routes, Function<HttpRequest, @Nullable WireTap> taps, List<ChannelHandler> plain) {
        this.routes = routes;
        this.taps = taps;
        this.plain = plain;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        if (context.executor() != context.channel().eventLoop()) {
            throw new IllegalStateException("a WebSocketHandler runs on the event loop of its channel");
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (upgrade != null && message instanceof HttpContent content) {
            readToTheEnd(context, content);
        } else if (message instanceof io.netty.handler.codec.http.HttpRequest request) {
            readHttp1(context, request);
        } else if (message instanceof Http2HeadersFrame head) {
            readHttp2(context, head);
        } else if (context.channel() instanceof QuicStreamChannel && message instanceof Http3HeadersFrame head) {
            readHttp3(context, head);
        } else {
            context.fireChannelRead(message);
        }
    }

    // HTTP/1.1

    private void readHttp1(ChannelHandlerContext context, io.netty.handler.codec.http.HttpRequest message) {
        HttpRequest head;
        try {
            head = HttpHeads.request(message);
        } catch (HandshakeException malformed) { // the handlers behind this one respond to it
            handOn(context, message);
            return;
        }
        if (!routes.isWebSocket(head)) {
            handOn(context, message);
            return;
        }
        upgrade = head;
        if (message instanceof HttpContent whole) {
            readToTheEnd(context, whole);
        }
    }

    private void handOn(ChannelHandlerContext context, io.netty.handler.codec.http.HttpRequest message) {
        unanswered++;
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (HttpHeads.endsResponse(message)) {
            unanswered--;
        }
        context.write(message, promise);
    }

    /**
     * Drops the content of the request up to its end, and then starts the handshake. An opening handshake has no body;
     * the handshake refuses a request whose head announces one.
     */
    private void readToTheEnd(ChannelHandlerContext context, HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        ReferenceCountUtil.release(content);
        HttpRequest head = upgrade;
        if (!last || head == null) {
            return;
        }
        upgrade = null;
        Http1Carrier carrier = new Http1Carrier();
        takeInputOver(context, carrier);
        Runnable handshake = () -> {
            takeOutputOver(context.pipeline());
            plain.forEach(context.pipeline()::remove);
            new UpgradeCall(routes, carrier, taps).start(head);
        };
        if (unanswered == 0) {
            handshake.run();
        } else {
            String name = carrier.context().name();
            context.pipeline().addAfter(name, null, new EarlierResponses(unanswered, handshake));
        }
    }

    /**
     * Replaces the decoder by the carrier. When the decoder is removed, it gives the carrier the bytes that it has read
     * beyond the request. Handlers between the codec and this handler stay in the pipeline, but receive only the end of
     * the channel.
     */
    private void takeInputOver(ChannelHandlerContext context, Http1Carrier carrier) {
        ChannelPipeline pipeline = context.pipeline();
        HttpServerCodec codec = pipeline.get(HttpServerCodec.class);
        ChannelHandler decoder = codec != null ? codec : pipeline.get(HttpRequestDecoder.class);
        if (decoder == null) {
            throw new IllegalStateException("a WebSocketHandler needs Netty's HttpServerCodec in front of it");
        }
        pipeline.addAfter(pipeline.context(decoder).name(), null, carrier);
        pipeline.remove(this);
        if (codec != null) {
            codec.removeInboundHandler();
        } else {
            pipeline.remove(decoder);
        }
    }

    /** Removes the encoder, which has no more responses to encode. */
    private static void takeOutputOver(ChannelPipeline pipeline) {
        if (pipeline.get(HttpServerCodec.class) != null) {
            pipeline.remove(HttpServerCodec.class);
        } else if (pipeline.get(HttpResponseEncoder.class) != null) {
            pipeline.remove(HttpResponseEncoder.class);
        }
    }

    // HTTP/2 and HTTP/3

    private void readHttp2(ChannelHandlerContext context, Http2HeadersFrame message) {
        boolean connect = isExtendedConnect(message.headers());
        if (!connect) {
            context.fireChannelRead(message);
            return;
        }
        Http2Carrier carrier = new Http2Carrier();
        context.pipeline().addAfter(context.name(), null, carrier);
        if (!ExtendedConnect.isAnnounced(context.channel().parent())) { // RFC 8441 §3: a malformed request
            carrier.reset(Http2Error.PROTOCOL_ERROR);
            return;
        }
        if (message.isEndStream()) { // the client has ended its direction together with the CONNECT
            carrier.inputEnded();
        }
        start(context, carrier, HttpVersion.HTTP_2, message.headers());
    }

    private void readHttp3(ChannelHandlerContext context, Http3HeadersFrame message) {
        if (!isExtendedConnect(message.headers())) {
            context.fireChannelRead(message);
            return;
        }
        Http3Carrier carrier = new Http3Carrier();
        context.pipeline().addAfter(context.name(), null, carrier);
        if (!ExtendedConnect.isAnnounced(context.channel().parent())) { // RFC 9220 §3: a malformed request
            carrier.reset(Http3ErrorCode.H3_MESSAGE_ERROR);
            return;
        }
        start(context, carrier, HttpVersion.HTTP_3, message.headers());
    }

    /** Whether the head of a request has a {@code :protocol}. */
    static boolean isExtendedConnect(Iterable<? extends java.util.Map.Entry<CharSequence, CharSequence>> head) {
        for (var header : head) {
            if (":protocol".contentEquals(header.getKey())) {
                return true;
            }
        }
        return false;
    }

    private void start(
            ChannelHandlerContext context,
            Carrier carrier,
            HttpVersion version,
            Iterable<? extends java.util.Map.Entry<CharSequence, CharSequence>> headers) {
        UpgradeCall call = new UpgradeCall(routes, carrier, taps);
        try {
            HttpRequest head = HttpHeads.request(version, headers);
            if (!head.method().equals("CONNECT")) { // RFC 8441 §4: only CONNECT has a :protocol
                throw HandshakeException.refuse(RequestViolation.CONNECT_MALFORMED);
            }
            call.start(head);
        } catch (HandshakeException malformed) {
            call.refuse(malformed.toResponse().forVersion(version));
        }
        context.pipeline().remove(this);
    }
}
