package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.conformance.peers.Certificate;
import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.client.WebSocketClient;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.CloseMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.extensions.PerMessageDeflateHandshake;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.xnio.OptionMap;
import org.xnio.Xnio;
import org.xnio.XnioWorker;

/** Undertow. */
final class UndertowEcho extends AbstractReceiveListener {
    private final EventLog eventLog;

    private UndertowEcho(EventLog eventLog) {
        this.eventLog = eventLog;
    }

    static Stop connect(String url, EventLog eventLog, @Nullable Certificate certificate) throws Exception {
        XnioWorker worker = Xnio.getInstance().createWorker(OptionMap.EMPTY);
        WebSocketChannel channel = WebSocketClient.connectionBuilder(
                        worker, new DefaultByteBufferPool(false, 16 << 10), URI.create(url))
                .connect()
                .get();
        serve(channel, eventLog);
        return worker::shutdownNow;
    }

    static Peer.Server server(boolean deflate) {
        return (eventLog, certificate) -> {
            WebSocketProtocolHandshakeHandler handler =
                    Handlers.websocket((exchange, channel) -> serve(channel, eventLog));
            if (deflate) {
                handler.addExtension(new PerMessageDeflateHandshake());
            }
            Undertow server = Undertow.builder()
                    .addHttpListener(0, "127.0.0.1")
                    .setHandler(handler)
                    .build();
            server.start();
            InetSocketAddress address =
                    (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
            return new Peer.RunningServer(address.getPort(), server::stop);
        };
    }

    private static void serve(WebSocketChannel channel, EventLog eventLog) {
        channel.getReceiveSetter().set(new UndertowEcho(eventLog));
        channel.resumeReceives();
    }

    private static Echo echo(WebSocketChannel channel) {
        return new Echo() {
            @Override
            void send(String text) {
                WebSockets.sendText(text, channel, null);
            }

            @Override
            void close(int code, String reason) {
                WebSockets.sendClose(code, reason, channel, null);
            }

            @Override
            boolean ping(byte[] payload) {
                WebSockets.sendPing(ByteBuffer.wrap(payload), channel, null);
                return true;
            }
        };
    }

    @Override
    protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
        echo(channel).onText(message.getData());
    }

    @Override
    protected void onFullBinaryMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
        try (var data = message.getData()) {
            WebSockets.sendBinary(WebSockets.mergeBuffers(data.getResource()), channel, null);
        }
    }

    @Override
    protected void onCloseMessage(CloseMessage close, WebSocketChannel channel) {
        eventLog.closed(close.getCode(), close.getReason());
    }
}
