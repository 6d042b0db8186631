package dev.tenon.ws.client;

import static dev.tenon.ws.client.ReconnectPeers.QUICK;
import static dev.tenon.ws.client.ReconnectPeers.answers;
import static dev.tenon.ws.client.ReconnectPeers.client;
import static dev.tenon.ws.client.ReconnectPeers.closes;
import static dev.tenon.ws.client.ReconnectPeers.end;
import static dev.tenon.ws.client.ReconnectPeers.scripted;
import static dev.tenon.ws.client.ReconnectPeers.scriptedUpgrades;
import static dev.tenon.ws.client.ReconnectPeers.start;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.client.ReconnectPeers.RecordingListener;
import dev.tenon.ws.connection.Message;
import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.StreamingListener;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.handshake.HandshakeException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connects again and again over real sockets; checks the calls of the listener. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("NullAway") // a null value fails the test
class ReconnectingWebSocketTest {
    @BeforeEach
    void quiet() throws Exception {
        OpenResources.awaitThreads(0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLostConnectionIsFollowedByAnother(boolean elsewhere) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(3);
        RecordingListener listener = new RecordingListener();
        WebSocketClient.Builder builder = WebSocketClient.builder().proxy(null);
        try (Peer server = scriptedUpgrades(socket -> {}, closes(1001), ReconnectPeers::stay);
                WebSocketClient client = (elsewhere ? builder.listenerExecutor(pool) : builder).build()) {
            ReconnectingWebSocket reconnecting = start(client, server, QUICK, listener);
            listener.reads("open", "close 1006", "reconnect 1 WAITING", "open", "close 1001", "reconnect 2 WAITING");
            listener.reads("open", "text hi");
            assertEquals(ReconnectingWebSocket.State.OPEN, reconnecting.state());
            WebSocket first = listener.opened.take();
            WebSocket second = listener.opened.take();
            assertSame(listener.opened.take(), reconnecting.webSocket().orElseThrow());
            assertEquals(SendResult.REFUSED, first.trySend(Message.text("late")));
            assertEquals(SendResult.REFUSED, second.trySend(Message.text("late")));
            reconnecting.close();
            assertEquals(null, end(reconnecting));
            listener.reads("close 1005");
            assertTrue(listener.lines.isEmpty());
            assertEquals(ReconnectingWebSocket.State.ENDED, reconnecting.state());
            assertTrue(reconnecting.webSocket().isEmpty());
            assertEquals(3, server.accepted());
        }
        pool.shutdown();
        assertEquals(0, OpenResources.threads());
    }

    @Test
    void theFirstConnectIsUnderThePolicyToo() throws Exception {
        RecordingListener listener = new RecordingListener();
        try (Peer server = scripted(socket -> {}, answers(503, "Retry-After: 0"), answers(502), answers(404));
                WebSocketClient client = client()) {
            Disconnect disconnect = end(start(client, server, QUICK, listener));
            listener.reads("reconnect 1 WAITING", "reconnect 2 WAITING", "reconnect 3 WAITING", "given up 4 ENDED");
            assertEquals(404, ((HandshakeException) disconnect.cause()).status());
            assertEquals(4, server.accepted());
        }
    }

    @Test
    void aRowOfFailuresEnds() throws Exception {
        RecordingListener listener = new RecordingListener();
        Peer gone = Peer.start(socket -> {});
        gone.close();
        try (WebSocketClient client = client()) {
            ReconnectingWebSocket reconnecting =
                    start(client, gone, QUICK.withGivingUpAfter(3, Duration.ofHours(1)), listener);
            Disconnect disconnect = end(reconnecting);
            listener.reads("reconnect 1 WAITING", "reconnect 2 WAITING", "given up 3 ENDED");
            assertTrue(disconnect.cause() instanceof ConnectException);
            reconnecting.close();
            assertEquals(disconnect, end(reconnecting));
        }
    }

    /** A server that accepts only the last token, as after a restart. */
    @Test
    void eachConnectHasARequestOfItsOwnAndTheSupplierKnowsWhy() throws Exception {
        RecordingListener listener = new RecordingListener();
        List<String> reasons = Collections.synchronizedList(new ArrayList<>());
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> {
                    String head = peer[0].head(socket);
                    switch (Peer.header(head, "Authorization")) {
                        case "Bearer 1" -> Peer.say(socket, Peer.upgrade(head, "")); // and is gone
                        case "Bearer 4" -> {
                            Peer.say(socket, Peer.upgrade(head, ""));
                            ReconnectPeers.stay(socket);
                        }
                        default -> Peer.say(socket, Peer.response(401));
                    }
                });
                WebSocketClient client = client()) {
            peer[0] = server;
            int[] tokens = {0};
            RequestSupplier supplier = last -> {
                reasons.add(last == null ? "first" : last.code() + " " + last.status());
                int token = ++tokens[0];
                if (token == 3) {
                    throw new IOException("the token service is away");
                }
                return ConnectRequest.to(server.uri()).withHeader("Authorization", "Bearer " + token);
            };
            ReconnectPolicy tokensExpire = QUICK.withRetries(end -> end.isTransient() || end.status() == 401);
            ReconnectingWebSocket reconnecting = ReconnectingWebSocket.start(client, supplier, tokensExpire, listener);
            listener.reads("open", "close 1006", "reconnect 1 WAITING", "reconnect 2 WAITING", "reconnect 3 WAITING");
            listener.reads("open", "text hi");
            assertEquals(List.of("first", "1006 0", "0 401", "0 0"), reasons);
            reconnecting.close();
            end(reconnecting);
        }
    }

    @Test
    void retryAfterIsHonoured() throws Exception {
        BlockingQueue<Duration> delays = new LinkedBlockingQueue<>();
        try (Peer server = scripted(answers(503, "Retry-After: 7200"));
                WebSocketClient client = client()) {
            ReconnectPolicy day = QUICK.withGivingUpAfter(20, Duration.ofDays(1));
            ReconnectingWebSocket unused = start(client, server, day, new RecordingListener() {
                @Override
                public void onReconnect(ReconnectingWebSocket reconnecting, Disconnect disconnect, Duration delay) {
                    delays.add(delay);
                }
            });
            Duration delay = delays.poll(20, TimeUnit.SECONDS);
            assertTrue(delay.compareTo(Duration.ofHours(2)) >= 0, delay.toString());
            assertTrue(delay.compareTo(Duration.ofHours(2).plusMillis(5)) <= 0, delay.toString());
        }
    }

    @Test
    void aStreamingListenerReceivesPieces() throws Exception {
        BlockingQueue<String> pieces = new LinkedBlockingQueue<>();
        class Pieces extends RecordingListener implements StreamingListener {
            @Override
            public void onPiece(WebSocket webSocket, MessageType type, ByteBuffer piece, boolean last) {
                pieces.add(type + " " + StandardCharsets.UTF_8.decode(piece) + " " + last);
            }
        }
        try (Peer server = scriptedUpgrades(ReconnectPeers::stay);
                WebSocketClient client = client()) {
            ReconnectingWebSocket unused = start(client, server, QUICK, new Pieces());
            assertEquals("TEXT hi true", pieces.poll(20, TimeUnit.SECONDS));
        }
    }
}
