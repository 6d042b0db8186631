package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2SettingsFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2ChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client or a server of HTTP/2 without TLS that sends any frame, and returns the received ones as text. */
@SuppressWarnings("FutureReturnValueIgnored") // the test sees the received frames, whatever the result of a write is
final class Http2Peer implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Http2FrameStream> streams = new LinkedBlockingQueue<>();
    private final CompletableFuture<Channel> connection = new CompletableFuture<>();
    private final Recorder recorder = new Recorder();
    private @Nullable ForeignServer server;
    private int port;

    /** A client. */
    Http2Peer(int port) throws InterruptedException {
        connection.complete(new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel opened) {
                        opened.pipeline()
                                .addLast(
                                        Http2FrameCodecBuilder.forClient()
                                                .validateHeaders(false)
                                                .encoderIgnoreMaxHeaderListSize(true)
                                                .build(),
                                        recorder);
                    }
                })
                .connect("127.0.0.1", port)
                .sync()
                .channel());
    }

    /** A server, for one connection. */
    Http2Peer(Http2Settings settings) throws InterruptedException {
        ForeignServer listening = new ForeignServer(accepted -> {
            accepted.addLast(
                    Http2FrameCodecBuilder.forServer()
                            .validateHeaders(false)
                            .encoderIgnoreMaxHeaderListSize(true)
                            .initialSettings(settings)
                            .build(),
                    recorder);
            connection.complete(accepted.channel());
        });
        server = listening;
        port = listening.port();
    }

    /** Where the server listens. */
    int port() {
        return port;
    }

    private Channel channel() {
        return connection.join();
    }

    private final class Recorder extends Http2ChannelDuplexHandler {
        @Override
        public void channelRead(ChannelHandlerContext context, Object frame) {
            if (frame instanceof Http2SettingsFrame settings) {
                events.add("SETTINGS " + settings.settings().connectProtocolEnabled());
            } else if (frame instanceof Http2HeadersFrame headers
                    && headers.headers().method() != null) {
                streams.add(Objects.requireNonNull(headers.stream()));
            } else if (frame instanceof Http2HeadersFrame headers) {
                events.add("HEADERS " + headers.headers().status() + end(headers.isEndStream()));
            } else if (frame instanceof Http2DataFrame data) {
                events.add("DATA " + hex(data.content()) + end(data.isEndStream()));
            } else if (frame instanceof Http2ResetFrame reset) {
                events.add("RST_STREAM " + Http2Error.valueOf(reset.errorCode()));
            } else if (frame instanceof Http2GoAwayFrame away) {
                events.add("GOAWAY " + away.lastStreamId());
            }
            ReferenceCountUtil.release(frame);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            events.add("CLOSED");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            events.add("FAILED " + cause);
        }
    }

    private static String end(boolean last) {
        return last ? " END_STREAM" : "";
    }

    private static String hex(ByteBuf bytes) {
        return ByteBufUtil.hexDump(bytes);
    }

    /** Returns the next received frame. */
    String next() throws InterruptedException {
        return Objects.requireNonNull(events.poll(60, TimeUnit.SECONDS), "nothing has come within a minute");
    }

    /** Whether nothing comes for this time. */
    boolean isSilentFor(long seconds) throws InterruptedException {
        return events.poll(seconds, TimeUnit.SECONDS) == null;
    }

    /** The next stream that the client has opened with a request. */
    Http2FrameStream nextStream() throws InterruptedException {
        return Objects.requireNonNull(streams.poll(60, TimeUnit.SECONDS));
    }

    /** Expects the settings of a server that announces the extended CONNECT method. */
    Http2Peer expectAnnouncement() throws InterruptedException {
        assertEquals("SETTINGS true", next());
        return this;
    }

    /** Returns a valid extended CONNECT. */
    static Http2Headers connect(String path) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        headers.method("CONNECT").path(path).scheme("http").authority("127.0.0.1");
        headers.add(":protocol", "websocket");
        headers.add("sec-websocket-version", "13");
        return headers;
    }

    /** Opens a stream with a request. */
    Http2FrameStream open(Http2Headers request, boolean last) throws InterruptedException {
        Http2FrameStream stream = recorder.newStream();
        channel()
                .writeAndFlush(new DefaultHttp2HeadersFrame(request, last).stream(stream))
                .sync();
        return stream;
    }

    void data(Http2FrameStream stream, String hex, boolean last) {
        ByteBuf bytes = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
        channel().writeAndFlush(new DefaultHttp2DataFrame(bytes, last).stream(stream));
    }

    void headers(Http2FrameStream stream, Http2Headers headers, boolean last) {
        channel().writeAndFlush(new DefaultHttp2HeadersFrame(headers, last).stream(stream));
    }

    /** Sends a frame without the checks of the codec (RFC 9113 §4.1). */
    void frame(int type, int flags, Http2FrameStream stream, String payload) {
        frame(type, flags, stream.id(), payload);
    }

    void frame(int type, int flags, int stream, String payload) {
        byte[] bytes = ByteBufUtil.decodeHexDump(payload);
        channel()
                .writeAndFlush(Unpooled.buffer()
                        .writeMedium(bytes.length)
                        .writeByte(type)
                        .writeByte(flags)
                        .writeInt(stream)
                        .writeBytes(bytes));
    }

    void reset(Http2FrameStream stream, Http2Error error) {
        channel().writeAndFlush(new DefaultHttp2ResetFrame(error).stream(stream));
    }

    /** Sends further settings, which apply when they are acknowledged. */
    void settings(Http2Settings settings) {
        channel().writeAndFlush(new DefaultHttp2SettingsFrame(settings));
    }

    /** Sends GOAWAY. */
    void goAway() {
        channel().writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
    }

    /** Enlarges the connection's window beyond that of one stream. */
    Http2Peer enlargeWindow() {
        channel().writeAndFlush(new DefaultHttp2WindowUpdateFrame(1 << 20));
        return this;
    }

    /** Closes the connection without GOAWAY. */
    void leave() {
        channel().close();
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
        loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
