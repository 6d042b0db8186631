package dev.tenon.ws.conformance.matrix;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.java_websocket.WebSocket;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.Opcode;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.framing.PingFrame;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.handshake.ServerHandshake;
import org.java_websocket.server.WebSocketServer;

/** Java-WebSocket. */
final class JavaWebSocketEcho extends Echo {
    private final WebSocket socket;

    private JavaWebSocketEcho(WebSocket socket) {
        this.socket = socket;
    }

    private static Draft draft(boolean deflate) {
        return deflate ? new Draft_6455(new PerMessageDeflateExtension()) : new Draft_6455();
    }

    static Peer.Client client(boolean deflate) {
        return (url, eventLog, certificate) -> {
            Client client = new Client(URI.create(url), draft(deflate), eventLog);
            client.connect();
            return client::close;
        };
    }

    static Peer.Server server(boolean deflate) {
        return (eventLog, certificate) -> {
            Server server = new Server(draft(deflate), eventLog);
            server.start();
            server.started.get(20, TimeUnit.SECONDS);
            return new Peer.RunningServer(server.getPort(), () -> server.stop(1000));
        };
    }

    @Override
    void send(String text) {
        socket.send(text);
    }

    @Override
    void close(int code, String reason) {
        socket.close(code, reason);
    }

    @Override
    boolean ping(byte[] payload) {
        PingFrame ping = new PingFrame();
        ping.setPayload(ByteBuffer.wrap(payload));
        socket.sendFrame(ping);
        return true;
    }

    @Override
    boolean fragments(String... pieces) {
        for (int i = 0; i < pieces.length; i++) {
            socket.sendFragmentedFrame(Opcode.TEXT, ByteBuffer.wrap(pieces[i].getBytes(UTF_8)), i == pieces.length - 1);
        }
        return true;
    }

    private static final class Client extends WebSocketClient {
        private final EventLog eventLog;

        Client(URI uri, Draft draft, EventLog eventLog) {
            super(uri, draft);
            this.eventLog = eventLog;
        }

        @Override
        public void onOpen(ServerHandshake handshake) {}

        @Override
        public void onMessage(String message) {
            new JavaWebSocketEcho(this).onText(message);
        }

        @Override
        public void onMessage(ByteBuffer data) {
            send(data);
        }

        @Override
        public void onClose(int code, String reason, boolean remote) {
            eventLog.closed(code, reason);
        }

        @Override
        public void onError(Exception error) {}
    }

    private static final class Server extends WebSocketServer {
        private final CompletableFuture<Boolean> started = new CompletableFuture<>();
        private final EventLog eventLog;

        Server(Draft draft, EventLog eventLog) {
            super(new InetSocketAddress("127.0.0.1", 0), 1, List.of(draft));
            this.eventLog = eventLog;
        }

        @Override
        public void onStart() {
            started.complete(true);
        }

        @Override
        public void onOpen(WebSocket socket, ClientHandshake handshake) {}

        @Override
        public void onMessage(WebSocket socket, String message) {
            new JavaWebSocketEcho(socket).onText(message);
        }

        @Override
        public void onMessage(WebSocket socket, ByteBuffer data) {
            socket.send(data);
        }

        @Override
        public void onClose(WebSocket socket, int code, String reason, boolean remote) {
            eventLog.closed(code, reason);
        }

        @Override
        public void onError(WebSocket socket, Exception error) {}
    }
}
