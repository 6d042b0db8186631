package dev.tenon.ws.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.DefaultHttp3SettingsFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3GoAwayFrame;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3ServerConnectionHandler;
import io.netty.handler.codec.http3.Http3Settings;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A client or a server of HTTP/3 that sends any frame, and returns the received ones as text. */
@SuppressWarnings("FutureReturnValueIgnored") // the test sees the received frames, whatever the result of a write is
final class Http3Peer implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<QuicStreamChannel> streams = new LinkedBlockingQueue<>();
    private final CompletableFuture<QuicChannel> connection = new CompletableFuture<>();
    /** The error code with which a client has closed its connection. */
    private final CompletableFuture<String> closeCode = new CompletableFuture<>();

    private final Channel udp;

    /** A client. */
    Http3Peer(int port) throws Exception {
        udp = new Bootstrap()
                .group(loops)
                .channel(NioDatagramChannel.class)
                .handler(Http3.newQuicClientCodecBuilder()
                        .sslContext(QuicSslContextBuilder.forClient()
                                .trustManager(ServerAndClient.certificate().toFile())
                                .endpointIdentificationAlgorithm("")
                                .applicationProtocols(Http3.supportedApplicationProtocols())
                                .build())
                        .maxIdleTimeout(60, TimeUnit.SECONDS)
                        .initialMaxData(1 << 20)
                        .initialMaxStreamDataBidirectionalLocal(1 << 16)
                        .build())
                .bind(0)
                .sync()
                .channel();
        connection.complete(QuicChannel.newBootstrap(udp)
                .handler(new Http3ClientConnectionHandler(new Control(), null, null, null, true))
                .remoteAddress(new InetSocketAddress("127.0.0.1", port))
                .connect()
                .get(60, TimeUnit.SECONDS));
        connection.join().pipeline().addLast(new CloseRecorder());
    }

    /** A server, for one connection. */
    Http3Peer(Http3Settings settings) throws Exception {
        udp = new Bootstrap()
                .group(loops)
                .channel(NioDatagramChannel.class)
                .handler(Http3.newQuicServerCodecBuilder()
                        .sslContext(QuicSslContextBuilder.forServer(
                                        ServerAndClient.key().toFile(),
                                        null,
                                        ServerAndClient.certificate().toFile())
                                .applicationProtocols(Http3.supportedApplicationProtocols())
                                .build())
                        .maxIdleTimeout(60, TimeUnit.SECONDS)
                        .initialMaxData(1 << 20)
                        .initialMaxStreamDataBidirectionalRemote(1 << 16)
                        .initialMaxStreamsBidirectional(8)
                        .handler(new ChannelInitializer<QuicChannel>() {
                            @Override
                            protected void initChannel(QuicChannel accepted) {
                                accepted.pipeline()
                                        .addLast(new Http3ServerConnectionHandler(
                                                new ChannelInitializer<Channel>() {
                                                    @Override
                                                    protected void initChannel(Channel stream) {
                                                        stream.pipeline().addLast(new ServerRecorder());
                                                    }
                                                },
                                                null,
                                                null,
                                                new DefaultHttp3SettingsFrame(settings),
                                                true))
                                        .addLast(new CloseCode());
                                connection.complete(accepted);
                            }
                        })
                        .build())
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
    }

    /** Where the server listens. */
    int port() {
        return ((InetSocketAddress) udp.localAddress()).getPort();
    }

    /** Records the frames of the control stream. */
    private final class Control extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object frame) {
            if (frame instanceof Http3GoAwayFrame away) {
                events.add("GOAWAY " + away.id());
            }
            ReferenceCountUtil.release(frame);
        }
    }

    /** Records a connection error of the server. */
    private final class CloseRecorder extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof QuicConnectionCloseEvent close) {
                Stream.of(Http3ErrorCode.values())
                        .filter(error -> error != Http3ErrorCode.H3_NO_ERROR && error.code() == close.error())
                        .forEach(error -> events.add("CLOSE " + error));
            }
            context.fireUserEventTriggered(event);
        }
    }

    /** Records the error code with which a client closes its connection. */
    private final class CloseCode extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof QuicConnectionCloseEvent close) {
                closeCode.complete(close.isApplicationClose() ? name(close.error()) : "an error of QUIC");
            }
            context.fireUserEventTriggered(event);
        }
    }

    private static String name(int code) {
        return Stream.of(Http3ErrorCode.values())
                .filter(error -> error.code() == code)
                .map(Enum::name)
                .findFirst()
                .orElse("error " + code);
    }

    private class Recorder extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object frame) {
            if (frame instanceof Http3HeadersFrame headers && headers.headers().method() != null) {
                streams.add((QuicStreamChannel) context.channel());
            } else if (frame instanceof Http3HeadersFrame headers) {
                events.add("HEADERS " + headers.headers().status());
            } else if (frame instanceof Http3DataFrame data && data.content().isReadable()) {
                events.add("DATA " + ByteBufUtil.hexDump(data.content()));
            }
            ReferenceCountUtil.release(frame);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                events.add("END");
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            events.add(
                    cause instanceof QuicStreamResetException reset
                            ? "RESET " + name(Math.toIntExact(reset.applicationProtocolCode()))
                            : "RESET");
        }
    }

    /** Records the end of a stream too, because a client may close its connection without ending the stream before. */
    private final class ServerRecorder extends Recorder {
        @Override
        public void channelInactive(ChannelHandlerContext context) {
            events.add("GONE");
        }
    }

    String next() throws InterruptedException {
        return Objects.requireNonNull(events.poll(60, TimeUnit.SECONDS), "nothing has come within a minute");
    }

    static Http3Headers connect(String path) {
        Http3Headers headers = new DefaultHttp3Headers(false);
        headers.method("CONNECT").path(path).scheme("https").authority("127.0.0.1");
        headers.add(":protocol", "websocket");
        headers.add("sec-websocket-version", "13");
        return headers;
    }

    /** The next stream that the client has opened with a request. */
    QuicStreamChannel nextStream() throws InterruptedException {
        return Objects.requireNonNull(streams.poll(60, TimeUnit.SECONDS));
    }

    QuicStreamChannel open(Http3Headers request) throws Exception {
        QuicStreamChannel stream = newStream();
        headers(stream, request);
        return stream;
    }

    /** Creates a stream, of which the server sees nothing before its first bytes. */
    QuicStreamChannel newStream() throws Exception {
        return Http3.newRequestStream(connection.join(), new Recorder()).get(60, TimeUnit.SECONDS);
    }

    void headers(QuicStreamChannel stream, Http3Headers headers) {
        stream.writeAndFlush(new DefaultHttp3HeadersFrame(headers));
    }

    void data(QuicStreamChannel stream, String hex) {
        stream.writeAndFlush(new DefaultHttp3DataFrame(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex))));
    }

    /** Sends bytes on the control stream without the codec, which would refuse them. */
    void control(String hex) {
        QuicStreamChannel control = Objects.requireNonNull(Http3.getLocalControlStream(connection.join()));
        Objects.requireNonNull(control.pipeline().firstContext())
                .writeAndFlush(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)));
    }

    /** Opens a stream without the codec, which would obey a GOAWAY. */
    void openRaw() throws Exception {
        openRaw("00", false);
    }

    /** Opens a stream without the codec, with these bytes, and the end of the stream in the same packet. */
    void openRaw(String hex, boolean last) throws Exception {
        connection
                .join()
                .createStream(QuicStreamType.BIDIRECTIONAL, new Recorder())
                .get(60, TimeUnit.SECONDS)
                .writeAndFlush(
                        new DefaultQuicStreamFrame(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)), last));
    }

    /** The error code with which the client has closed its connection. */
    String closeCode() throws Exception {
        return closeCode.get(60, TimeUnit.SECONDS);
    }

    /** Sends bytes on a stream without the codec, which would refuse them. */
    void raw(QuicStreamChannel stream, String hex) {
        Objects.requireNonNull(stream.pipeline().firstContext())
                .writeAndFlush(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)));
    }

    /** Waits for the end of the connection. */
    void awaitEnd() throws Exception {
        connection.join().closeFuture().get(60, TimeUnit.SECONDS);
    }

    /** Closes the connection at once. */
    void leave() {
        connection.join().close();
    }

    @Override
    public void close() {
        udp.close().awaitUninterruptibly();
        loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
