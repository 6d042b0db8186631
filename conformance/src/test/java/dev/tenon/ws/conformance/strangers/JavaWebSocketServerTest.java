package dev.tenon.ws.conformance.strangers;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.java_websocket.WebSocket;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.handshake.ServerHandshakeBuilder;
import org.java_websocket.protocols.Protocol;
import org.java_websocket.server.DefaultSSLWebSocketServerFactory;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;

/** The server of Java-WebSocket. */
@Tag("once")
class JavaWebSocketServerTest extends ServerContract {
    @Override
    RunningServer start(@Nullable SSLContext tls) throws Exception {
        Echo server = new Echo();
        if (tls != null) {
            server.setWebSocketFactory(new DefaultSSLWebSocketServerFactory(tls));
        }
        server.setReuseAddr(true);
        server.start();
        if (!server.started.await(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("it has not started");
        }
        return new RunningServer(server.getPort(), () -> server.stop(1_000));
    }

    @Override
    boolean losesCloseFrames() {
        return true;
    }

    private static final class Echo extends WebSocketServer {
        final CountDownLatch started = new CountDownLatch(1);

        Echo() {
            super(
                    new InetSocketAddress("127.0.0.1", 0),
                    1,
                    List.of(new Draft_6455(
                            List.of(new PerMessageDeflateExtension()), List.of(new Protocol("chat.v1")))));
        }

        @Override
        public void onStart() {
            started.countDown();
        }

        @Override
        public ServerHandshakeBuilder onWebsocketHandshakeReceivedAsServer(
                WebSocket connection, Draft draft, ClientHandshake request) throws InvalidDataException {
            if (!request.getResourceDescriptor().equals("/any")) {
                throw new InvalidDataException(CloseFrame.POLICY_VALIDATION, "no such path");
            }
            return super.onWebsocketHandshakeReceivedAsServer(connection, draft, request);
        }

        @Override
        public void onOpen(WebSocket connection, ClientHandshake handshake) {}

        @Override
        public void onMessage(WebSocket connection, String message) {
            if (message.equals(CLOSE_ME)) {
                connection.close(4001, "as you wish");
            } else {
                connection.send(message);
            }
        }

        @Override
        public void onMessage(WebSocket connection, ByteBuffer message) {
            connection.send(message);
        }

        @Override
        public void onClose(WebSocket connection, int code, String reason, boolean remote) {}

        @Override
        public void onError(@Nullable WebSocket connection, Exception error) {}
    }
}
