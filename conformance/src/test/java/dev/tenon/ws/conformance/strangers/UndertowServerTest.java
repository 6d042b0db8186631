package dev.tenon.ws.conformance.strangers;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.core.protocol.version13.Hybi13Handshake;
import io.undertow.websockets.extensions.PerMessageDeflateHandshake;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;

/** Undertow's server. */
@Tag("once")
class UndertowServerTest extends ServerContract {
    @Override
    RunningServer start(@Nullable SSLContext tls) {
        Undertow.Builder builder = Undertow.builder().setIoThreads(1).setWorkerThreads(2);
        WebSocketProtocolHandshakeHandler any = new WebSocketProtocolHandshakeHandler(
                List.of(new Hybi13Handshake(Set.of("chat.v1"), false)),
                (WebSocketConnectionCallback) (exchange, channel) -> {
                    channel.getReceiveSetter().set(new Echo());
                    channel.resumeReceives();
                });
        any.addExtension(new PerMessageDeflateHandshake(
                false,
                PerMessageDeflateHandshake.DEFAULT_DEFLATER,
                true,
                true,
                LARGEST)); // its default limit is 1 MiB, which is less than these random bytes
        builder.setHandler(Handlers.path().addExactPath("/any", any));
        Undertow server = (tls == null
                        ? builder.addHttpListener(0, "127.0.0.1")
                        : builder.addHttpsListener(0, "127.0.0.1", tls))
                .build();
        server.start();
        InetSocketAddress address =
                (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
        return new RunningServer(address.getPort(), server::stop);
    }

    private static final class Echo extends AbstractReceiveListener {
        @Override
        protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
            String text = message.getData(); // the data can be read only once
            if (text.equals(CLOSE_ME)) {
                WebSockets.sendClose(4001, "as you wish", channel, null);
            } else {
                WebSockets.sendText(text, channel, null);
            }
        }

        @Override
        protected void onFullBinaryMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
            try (var data = message.getData()) {
                WebSockets.sendBinary(WebSockets.mergeBuffers(data.getResource()), channel, null);
            }
        }
    }
}
