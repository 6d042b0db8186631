package dev.tenon.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Servers that lose their connections, and a listener that keeps a diary. */
@SuppressWarnings("NullAway") // a null value fails the test
final class ReconnectPeers {
    static final ReconnectPolicy QUICK = ReconnectPolicy.DEFAULT.withDelays(Duration.ofMillis(1), Duration.ofMillis(5));

    static final ReconnectPolicy LATER = ReconnectPolicy.DEFAULT
            .withDelays(Duration.ofDays(30), Duration.ofDays(30))
            .withGivingUpAfter(20, Duration.ofDays(300));

    private ReconnectPeers() {}

    /** Records its calls, one line each. */
    static class RecordingListener implements ReconnectListener {
        final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        final BlockingQueue<WebSocket> opened = new LinkedBlockingQueue<>();

        @Override
        public void onOpen(WebSocket webSocket) {
            lines.add("open");
            opened.add(webSocket);
        }

        @Override
        public void onText(WebSocket webSocket, String text) {
            lines.add("text " + text);
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            lines.add("close " + event.code().value());
        }

        @Override
        public void onReconnect(ReconnectingWebSocket reconnecting, Disconnect disconnect, Duration delay) {
            lines.add("reconnect " + disconnect.failures() + " " + reconnecting.state());
        }

        @Override
        public void onGivenUp(ReconnectingWebSocket reconnecting, Disconnect disconnect) {
            lines.add("given up " + disconnect.failures() + " " + reconnecting.state());
        }

        void reads(String... expected) throws InterruptedException {
            for (String line : expected) {
                assertEquals(line, lines.poll(20, TimeUnit.SECONDS));
            }
        }
    }

    static WebSocketClient client() throws IOException {
        return WebSocketClient.builder().proxy(null).build();
    }

    static @Nullable Disconnect end(ReconnectingWebSocket reconnecting) throws Exception {
        return Chat.get(reconnecting.whenEnded().toCompletableFuture());
    }

    /** Runs the next script for each connection, and the last one for all further connections. */
    static Peer scripted(Peer.Script... scripts) throws Exception {
        Peer[] peer = new Peer[1];
        peer[0] = Peer.start(socket -> {
            int number = peer[0].heads.size();
            String unused = peer[0].head(socket);
            scripts[Math.min(number, scripts.length - 1)].run(socket);
        });
        return peer[0];
    }

    static Peer.Script answers(int status, String... headers) {
        return socket -> Peer.say(socket, Peer.response(status, headers));
    }

    /** Upgrades, and then runs the script. */
    static Peer scriptedUpgrades(Peer.Script... scripts) throws Exception {
        Peer[] peer = new Peer[1];
        peer[0] = Peer.start(socket -> {
            int number = peer[0].heads.size();
            Peer.say(socket, Peer.upgrade(peer[0].head(socket), ""));
            scripts[Math.min(number, scripts.length - 1)].run(socket);
        });
        return peer[0];
    }

    static void stay(Socket socket) throws IOException {
        Peer.say(socket, "\u0081\u0002hi");
        Peer.drain(socket);
        Peer.say(socket, "\u0088\u0000");
    }

    static Peer.Script closes(int code) {
        return socket -> {
            Peer.say(socket, "\u0088\u0002" + (char) (code >> 8) + (char) (code & 0xff));
            Peer.drain(socket);
        };
    }

    static ReconnectingWebSocket start(
            WebSocketClient client, Peer server, ReconnectPolicy policy, RecordingListener listener) {
        return ReconnectingWebSocket.start(client, ConnectRequest.to(server.uri()), policy, listener);
    }
}
