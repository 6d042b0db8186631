package dev.tenon.ws.client;

import static dev.tenon.ws.client.ReconnectPeers.QUICK;
import static dev.tenon.ws.client.ReconnectPeers.client;
import static dev.tenon.ws.client.ReconnectPeers.closes;
import static dev.tenon.ws.client.ReconnectPeers.end;
import static dev.tenon.ws.client.ReconnectPeers.scriptedUpgrades;
import static dev.tenon.ws.client.ReconnectPeers.start;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.client.ReconnectPeers.RecordingListener;
import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which ends of a connection are followed by another one. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("NullAway") // a null value fails the test
class ReconnectCodesTest {
    @BeforeEach
    void quiet() throws Exception {
        OpenResources.awaitThreads(0);
    }

    @Test
    void anEndOnPurposeIsAnEnd() throws Exception {
        RecordingListener listener = new RecordingListener();
        try (Peer server = scriptedUpgrades(closes(1000));
                WebSocketClient client = client()) {
            Disconnect disconnect = end(start(client, server, QUICK, listener));
            listener.reads("open", "close 1000", "given up 1 ENDED");
            assertEquals(CloseCode.NORMAL_CLOSURE, disconnect.event().code());
        }
    }

    @Test
    void aPolicyDecidesWhichCloseCodesAreRetried() throws Exception {
        RecordingListener listener = new RecordingListener();
        try (Peer server = scriptedUpgrades(closes(1000), closes(4000));
                WebSocketClient client = client()) {
            ReconnectPolicy again =
                    QUICK.withRetries(disconnect -> disconnect.event().code().value() == 1000);
            Disconnect disconnect = end(start(client, server, again, listener));
            listener.reads("open", "close 1000", "reconnect 1 WAITING", "open", "close 4000", "given up 2 ENDED");
            assertEquals(4000, disconnect.event().code().value());
        }
    }

    /** A {@code close()} without a code, from a browser or Node, is no reason to stay disconnected. */
    @Test
    void anEndWithoutACodeIsFollowedByAnother() throws Exception {
        RecordingListener listener = new RecordingListener();
        try (Peer server = scriptedUpgrades(
                        socket -> {
                            Peer.say(socket, "\u0088\u0000");
                            Peer.drain(socket);
                        },
                        closes(4401));
                WebSocketClient client = client()) {
            Disconnect last = end(start(client, server, QUICK, listener));
            listener.reads("open", "close 1005", "reconnect 1 WAITING", "open", "close 4401", "given up 2 ENDED");
            assertEquals(4401, last.code());
        }
    }

    /** The first message does not fit into the cork, so writing it fails while {@code onOpen} still runs. */
    @Test
    void aCloseAndAResetBeforeTheFirstLongMessageAreReportedByTheCode() throws Exception {
        CountDownLatch opening = new CountDownLatch(1);
        CountDownLatch reset = new CountDownLatch(1);
        CompletableFuture<CloseEvent> closed = new CompletableFuture<>();
        WebSocketListener upload = new WebSocketListener() {
            @Override
            public void onOpen(WebSocket webSocket) {
                opening.countDown();
                try {
                    assertTrue(reset.await(20, TimeUnit.SECONDS));
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                webSocket.sendText("x".repeat(100_000));
            }

            @Override
            public void onClose(WebSocket webSocket, CloseEvent event) {
                closed.complete(event);
            }
        };
        try (Peer server = scriptedUpgrades(socket -> {
                    assertTrue(
                            opening.await(20, TimeUnit.SECONDS)); // the Close frame is read after the head, not with it
                    Peer.say(socket, "\u0088\u0002\u0011" + (char) (4401 & 0xFF));
                    socket.setSoLinger(true, 0);
                    socket.close();
                    reset.countDown();
                });
                WebSocketClient client = client()) {
            client.connect(ConnectRequest.to(server.uri()), upload).get(20, TimeUnit.SECONDS);
            assertEquals(4401, closed.get(20, TimeUnit.SECONDS).code().value());
        }
    }

    /** The server refuses a token with 4401 and a reset, while this end is still writing. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCloseThatIsFollowedByAResetIsReportedByItsCodeAndEndsIt(boolean retries) throws Exception {
        RecordingListener listener = new RecordingListener() {
            @Override
            public void onOpen(WebSocket webSocket) {
                super.onOpen(webSocket);
                for (int i = 0; i < 50; i++) {
                    webSocket.sendBinary(ByteBuffer.allocate(16 * 1024));
                }
            }
        };
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> {
                    String head = peer[0].head(socket);
                    socket.setSoLinger(true, 0); // closing resets
                    Peer.say(socket, Peer.upgrade(head, "") + "\u0088\u0002\u0011" + (char) (4401 & 0xFF));
                });
                WebSocketClient client = client()) {
            peer[0] = server;
            ReconnectPolicy policy = retries
                    ? QUICK.withRetries(end -> end.code() == 4401).withGivingUpAfter(2, Duration.ofHours(1))
                    : QUICK;
            Disconnect last = end(start(client, server, policy, listener));
            assertEquals(4401, last.code(), String.valueOf(last.cause()));
            assertEquals(retries ? 2 : 1, server.accepted());
        }
    }
}
