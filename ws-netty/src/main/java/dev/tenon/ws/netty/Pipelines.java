package dev.tenon.ws.netty;

import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.server.HostedRoutes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.codec.http3.Http3FrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Creates the pipelines of a server's connections and streams.
 *
 * @param routes the routes
 * @param alternative the value of {@code Alt-Svc}, or the empty string for none
 * @param requestTimeout how long a client may take to send a request of HTTP/1.1
 * @param maxBody the length of the longest request body that is kept, in bytes
 * @param taps creates the tap of a WebSocket, or returns null for none
 * @param channels registers all connections and streams
 */
@SuppressWarnings(
        "FutureReturnValueIgnored") // the handlers of the channel report its end, whether or not a write succeeds
record Pipelines(
        HostedRoutes routes,
        String alternative,
        Duration requestTimeout,
        Duration idleTimeout,
        int maxBody,
        Function<HttpRequest, @Nullable WireTap> taps,
        OpenChannels channels) {

    /**
     * Creates the handler that initializes connections of TCP. TLS or the first bytes decide between HTTP/1.1 and
     * HTTP/2.
     */
    ChannelHandler connection(@Nullable SslContext tls) {
        ChannelHandler streams = ExtendedConnect.each(() -> stream(() -> new Http2StreamFrameToHttpObjectCodec(true)));
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channels.add(channel);
                if (tls == null) {
                    channel.pipeline().addLast(new PrefaceSniffer(Pipelines.this, streams));
                } else {
                    channel.pipeline()
                            .addLast(tls.newHandler(channel.alloc()), new Negotiation(Pipelines.this, streams));
                }
            }
        };
    }

    /** Creates the handler that initializes connections of QUIC. */
    ChannelHandler quic() {
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel connection) {
                channels.add(connection);
                ChannelHandler codec = ExtendedConnect.http3(() -> stream(() -> new Http3FrameToHttpObjectCodec(true)));
                connection.pipeline().addLast(codec, new Http3GoAway());
            }

            @Override
            public boolean isSharable() {
                return true;
            }
        };
    }

    /** @param firstNanos how long the client may take for its first request */
    private void http1(ChannelPipeline pipeline, long firstNanos) {
        ChannelHandler drain = new Http1Drain();
        ChannelHandler deadline = new RequestDeadline(Durations.nanos(requestTimeout), firstNanos);
        ChannelHandler plain = new HttpRouteHandler(routes, alternative, maxBody);
        ChannelHandler webSocket = new WebSocketHandler(routes, taps, List.of(drain, deadline, plain));
        pipeline.addLast(new HttpServerCodec(), drain, deadline, webSocket, plain);
    }

    private void http2(ChannelPipeline pipeline, ChannelHandler streams) {
        ExtendedConnect.addHttp2(pipeline, streams);
        pipeline.addLast(new Http2Idle(Durations.nanos(idleTimeout)), new Http2GoAway());
    }

    /**
     * Creates the handler that initializes a stream.
     *
     * @param codecs creates a codec that converts the frames of a stream to messages of HTTP/1.1
     */
    private ChannelHandler stream(Supplier<ChannelHandler> codecs) {
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel stream) {
                channels.add(stream);
                long timeout = Durations.nanos(requestTimeout);
                stream.pipeline()
                        .addLast(new StreamSelector(
                                timeout,
                                () -> new WebSocketHandler(routes, taps, List.of()),
                                plain -> plain.addLast(
                                        codecs.get(),
                                        new RequestDeadline(timeout, timeout),
                                        new HttpRouteHandler(routes, alternative, maxBody))));
            }
        };
    }

    /** Installs the protocol that ALPN has selected (RFC 7301). */
    private static final class Negotiation extends ApplicationProtocolNegotiationHandler {
        private final Pipelines pipelines;
        private final ChannelHandler streams;

        Negotiation(Pipelines pipelines, ChannelHandler streams) {
            super(ApplicationProtocolNames.HTTP_1_1);
            this.pipelines = pipelines;
            this.streams = streams;
        }

        @Override
        protected void configurePipeline(ChannelHandlerContext context, String protocol) {
            if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                pipelines.http2(context.pipeline(), streams);
            } else {
                pipelines.http1(context.pipeline(), Durations.nanos(pipelines.requestTimeout));
            }
        }

        /** Closes the connection when the server stops, because the client has sent no request yet. */
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
            if (event == OpenChannels.Stop.DRAIN) {
                context.close();
            } else {
                super.userEventTriggered(context, event);
            }
        }

        /** Closes the connection. A failed handshake of a client is not reported. */
        @Override
        protected void handshakeFailure(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    /**
     * Detects HTTP/2 without TLS: such a client first sends the connection preface (RFC 9113 §3.4). Closes the connection
     * if the client sends less than that within the time for its first request.
     */
    private static final class PrefaceSniffer extends ByteToMessageDecoder {
        private final Pipelines pipelines;
        private final ChannelHandler streams;
        private @Nullable Future<?> deadline;
        private long endNanos;

        PrefaceSniffer(Pipelines pipelines, ChannelHandler streams) {
            this.pipelines = pipelines;
            this.streams = streams;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            long nanos = Durations.nanos(pipelines.requestTimeout);
            endNanos = nanoTime(context) + nanos;
            deadline = context.executor().schedule((Runnable) context::close, nanos, TimeUnit.NANOSECONDS);
        }

        private static long nanoTime(ChannelHandlerContext context) {
            return context.executor().ticker().nanoTime();
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
            ByteBuf preface = Http2CodecUtil.connectionPrefaceBuf();
            int length = Math.min(preface.readableBytes(), in.readableBytes());
            boolean same = preface.slice(0, length).equals(in.slice(in.readerIndex(), length));
            if (same && length < preface.readableBytes()) {
                preface.release();
                return;
            }
            preface.release();
            if (same) {
                pipelines.http2(context.pipeline(), streams);
            } else {
                pipelines.http1(context.pipeline(), Math.max(0, endNanos - nanoTime(context)));
            }
            context.pipeline().remove(this);
        }

        @Override
        protected void handlerRemoved0(ChannelHandlerContext context) {
            if (deadline != null) {
                deadline.cancel(false);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
            if (event == OpenChannels.Stop.DRAIN) {
                context.close();
            } else {
                super.userEventTriggered(context, event);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
