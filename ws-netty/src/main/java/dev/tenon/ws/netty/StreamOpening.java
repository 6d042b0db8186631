package dev.tenon.ws.netty;

import dev.tenon.ws.handshake.ClientHandshake;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import java.io.IOException;

/** A client's extended CONNECT in a stream of HTTP/2 or HTTP/3 (RFC 8441 §5, RFC 9220 §3). */
@SuppressWarnings("FutureReturnValueIgnored") // the handlers report the end of the channel
final class StreamOpening extends ChannelInboundHandlerAdapter {
    private final ClientCall call;
    private final ClientHandshake handshake;
    private final Carrier carrier;
    private boolean fallsBack;

    StreamOpening(ClientCall call, Carrier carrier) {
        this.call = call;
        this.carrier = carrier;
        this.handshake = call.handshake(carrier.version());
    }

    /** Sends the request in a newly opened stream. When the stream is closed, its connection is closed too. */
    void start(Channel stream) {
        if (carrier instanceof Http3Carrier) {
            TunnelLength.OfHttp3.addTo(stream.pipeline());
        }
        stream.pipeline().addLast(this, carrier);
        call.within(stream);
        carrier.whenGone(this::leftWithoutResponse);
        Channel connection = stream.parent();
        // Later, because the codec closes the connection with an error code behind the handlers of the stream.
        stream.closeFuture().addListener(closed -> connection.eventLoop().execute(connection::close));
        HttpRequest request = handshake.request();
        stream.writeAndFlush(
                        carrier instanceof Http2Carrier
                                ? new DefaultHttp2HeadersFrame(HttpHeads.http2(request), false)
                                : new DefaultHttp3HeadersFrame(HttpHeads.http3(request)))
                .addListener(call::failIfFailed);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Http2HeadersFrame head) {
            verify(context, HttpHeads.response(head.headers()));
            if (head.isEndStream()) { // the server has ended its direction together with the response
                carrier.inputEnded();
            }
        } else if (carrier instanceof Http3Carrier && message instanceof Http3HeadersFrame head) {
            verify(context, HttpHeads.response(head.headers()));
        } else {
            if (message instanceof Http2DataFrame data && data.content().isReadable()) { // RFC 9113 §8.1
                carrier.failed(new IOException("the server has sent DATA before its response"));
                carrier.abort();
            }
            context.fireChannelRead(message);
        }
    }

    private void leftWithoutResponse() {
        if (!fallsBack) {
            IOException why = carrier.failure();
            call.fail(why != null ? why : new IOException("the server has ended the stream without a response"));
        }
    }

    private void verify(ChannelHandlerContext context, HttpResponse response) {
        boolean interim = response.status() < 200 && response.status() != 101; // RFC 9110 §15.2, RFC 9113 §8.6
        if (interim) {
            return;
        }
        try {
            var agreement = handshake.verify(response);
            context.pipeline().remove(this);
            call.accepted(agreement, carrier);
        } catch (HandshakeException refused) {
            call.fail(refused);
        }
    }

    /** Tries HTTP/1.1 if the server requires it for this request (RFC 9113 §7). */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof Http2ResetFrame reset && reset.errorCode() == Http2Error.HTTP_1_1_REQUIRED.code()) {
            fallsBack = true;
            call.fallBackToHttp1("the server requires HTTP/1.1 for this request");
        }
        context.fireUserEventTriggered(event);
    }
}
