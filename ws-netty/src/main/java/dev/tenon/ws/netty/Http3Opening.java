package dev.tenon.ws.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.DefaultHttp3SettingsFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.http3.Http3Exception;
import io.netty.handler.codec.http3.Http3Settings;
import io.netty.handler.codec.http3.Http3SettingsFrame;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * A client's connection of HTTP/3. It waits for the server's settings, and opens a stream if they allow WebSockets (RFC
 * 9220 §3).
 */
@SuppressWarnings("FutureReturnValueIgnored") // the handlers of a stream report its outcome
final class Http3Opening extends ChannelInboundHandlerAdapter {
    private static final long IDLE_SECONDS = 120;

    private final ClientCall call;
    private boolean settingsReceived;

    private Http3Opening(ClientCall call) {
        this.call = call;
    }

    static void connect(ClientCall call, InetSocketAddress server, QuicSslContext tls) {
        new Bootstrap()
                .group(call.loop())
                .channel(NioDatagramChannel.class)
                .handler(Http3.newQuicClientCodecBuilder()
                        .sslEngineProvider(quic -> tls.newEngine(
                                quic.alloc(), call.uri().host(), call.uri().port()))
                        .maxIdleTimeout(IDLE_SECONDS, TimeUnit.SECONDS)
                        .initialMaxData(2L * ExtendedConnect.STREAM_WINDOW)
                        .initialMaxStreamDataBidirectionalLocal(ExtendedConnect.STREAM_WINDOW)
                        .build())
                .bind(new InetSocketAddress(0))
                .addListener(bound -> {
                    if (bound.isSuccess()) {
                        connect(call, server, ((io.netty.channel.ChannelFuture) bound).channel());
                    } else {
                        call.failIfFailed(bound);
                    }
                });
    }

    private static void connect(ClientCall call, InetSocketAddress server, Channel udp) {
        call.opened(udp);
        Http3Settings settings = Http3Settings.defaultSettings().maxFieldSectionSize(HttpHeads.LONGEST_READ);
        Http3ClientConnectionHandler codec = new Http3ClientConnectionHandler(
                new Http3Opening(call), null, null, new DefaultHttp3SettingsFrame(settings), true);
        QuicChannel.newBootstrap(udp)
                .handler(new ChannelInitializer<QuicChannel>() {
                    @Override
                    protected void initChannel(QuicChannel quic) {
                        quic.pipeline().addLast(new Http3Close(), codec);
                    }
                })
                .remoteAddress(server)
                .connect()
                .addListener(connected -> {
                    if (connected.isSuccess()) {
                        QuicChannel quic = (QuicChannel) connected.getNow();
                        quic.closeFuture().addListener(closed -> ended(call, udp));
                        call.opened(quic); // closing it notifies the server, closing the socket does not
                    } else {
                        call.failIfFailed(connected);
                    }
                });
    }

    private static void ended(ClientCall call, Channel udp) {
        if (!call.isOver()) {
            call.fail(new IOException("the server closed the connection without a response"));
        }
        udp.close();
    }

    /** Receives the server's settings from the control stream. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Http3SettingsFrame frame && !settingsReceived) {
            settingsReceived = true;
            if (Boolean.TRUE.equals(frame.settings().connectProtocolEnabled())) {
                open((QuicChannel) context.channel().parent());
            } else {
                call.fail(new IOException("the server has not announced WebSocket over HTTP/3 (RFC 9220)"));
            }
        }
        ReferenceCountUtil.release(message);
    }

    /**
     * Fails the connect if the server breaks a rule of its control stream. The codec closes the connection. Netty must
     * not log the failure, because a server must not be able to fill logs.
     */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
        if (thrown instanceof Http3Exception) {
            call.fail(new IOException("the server breaks the rules of HTTP/3: " + thrown.getMessage(), thrown));
        } else {
            context.fireExceptionCaught(thrown);
        }
    }

    private void open(QuicChannel connection) {
        Http3.newRequestStream(connection, new ChannelInboundHandlerAdapter()).addListener(opened -> {
            if (opened.isSuccess()) {
                call.guard(() -> new StreamOpening(call, new Http3Carrier()).start((Channel) opened.getNow()));
            } else {
                call.failIfFailed(opened);
            }
        });
    }
}
