package dev.tenon.ws.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http3.DefaultHttp3SettingsFrame;
import io.netty.handler.codec.http3.Http3ServerConnectionHandler;
import io.netty.handler.codec.http3.Http3Settings;
import io.netty.util.AttributeKey;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Netty's codecs of HTTP/2 and HTTP/3 for a server that announces the extended CONNECT method (RFC 8441 §3, RFC 9220
 * §3). On connections whose codecs were not created here, a {@link WebSocketHandler} refuses every {@code :protocol},
 * because the codecs themselves accept it whether or not the server has announced it. The codecs read heads of up to 64
 * KiB, and end the connection for a longer one; a {@link WebSocketHandler} refuses a handshake of more than 12 KiB with
 * 431. Thread-safe.
 */
@SuppressWarnings(
        "FutureReturnValueIgnored") // the handlers of the channel report its end, whether or not a write succeeds
public final class ExtendedConnect {
    /** The most streams of one connection. A stream whose data is not read holds at most one window. */
    static final int MAX_STREAMS = 128;

    static final int STREAM_WINDOW = 64 * 1024;

    /**
     * The allocator of all streams of HTTP/2. A stream receives whole frames and allocates nothing, so it needs no
     * statistics of its own. The number of messages is Netty's default.
     */
    private static final RecvByteBufAllocator NO_BUFFERS = new FixedRecvByteBufAllocator(1024).maxMessagesPerRead(16);

    /** Marks a connection of QUIC. One of TCP is known by its {@link Http2Codec}. */
    private static final AttributeKey<Boolean> ANNOUNCED = AttributeKey.valueOf(ExtendedConnect.class, "announced");

    private ExtendedConnect() {}

    /**
     * Adds the codecs of HTTP/2 to the pipeline of a connection, with or without TLS. The window of the connection is
     * at least the sum of the windows of all its streams, so that an unread stream never blocks another stream.
     *
     * @param pipeline of a connection that a server has accepted
     * @param handlers creates the handler of each stream: a {@link WebSocketHandler}, or a {@link ChannelInitializer}
     *     that adds one
     */
    public static void addHttp2(ChannelPipeline pipeline, Supplier<? extends ChannelHandler> handlers) {
        addHttp2(pipeline, each(handlers));
    }

    /** Does the same with an initializer of streams that several connections share. */
    static void addHttp2(ChannelPipeline pipeline, ChannelHandler streams) {
        pipeline.addLast(Http2Codec.ofServer(), new Http2MultiplexHandler(streams));
        pipeline.channel()
                .write(new DefaultHttp2WindowUpdateFrame(MAX_STREAMS * STREAM_WINDOW), pipeline.voidPromise());
    }

    /**
     * Creates the codec of HTTP/3 for the pipeline of a QUIC connection.
     *
     * @param handlers creates the handler of each stream: a {@link WebSocketHandler}, or a {@link ChannelInitializer}
     *     that adds one
     * @return a handler for one pipeline
     */
    public static ChannelHandler http3(Supplier<? extends ChannelHandler> handlers) {
        Http3Settings settings =
                Http3Settings.defaultSettings().enableConnectProtocol(true).maxFieldSectionSize(HttpHeads.LONGEST_READ);
        Http3ServerConnectionHandler codec = new Http3ServerConnectionHandler(
                each(() -> counting(handlers.get())),
                new Http3ControlStream(),
                null,
                new DefaultHttp3SettingsFrame(settings),
                true);
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.attr(ANNOUNCED).set(true);
                channel.pipeline().addLast(codec);
            }
        };
    }

    private static ChannelHandler counting(ChannelHandler handler) {
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel stream) {
                TunnelLength.OfHttp3.addTo(stream.pipeline());
                stream.pipeline().addLast(handler);
            }
        };
    }

    /** Creates an initializer of streams, which any number of connections may share. */
    static ChannelHandler each(Supplier<? extends ChannelHandler> handlers) {
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel stream) {
                if (stream instanceof Http2StreamChannel) {
                    stream.config().setRecvByteBufAllocator(NO_BUFFERS);
                }
                stream.pipeline().addLast(handlers.get());
            }

            @Override
            public boolean isSharable() {
                return true;
            }
        };
    }

    /** Whether this class has announced the extended CONNECT method on a connection. */
    static boolean isAnnounced(@Nullable Channel connection) {
        return connection != null
                && (connection.pipeline().get(Http2Codec.class) != null || connection.hasAttr(ANNOUNCED));
    }
}
