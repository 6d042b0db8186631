package dev.tenon.ws.client;

import static dev.tenon.ws.client.Chat.greeted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A blocked event loop does not keep the turns of its connects, for which connects of other loops wait. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConnectTurnsTest {
    private static Peer greeting() throws Exception {
        Peer[] peer = new Peer[1];
        peer[0] = Peer.start(socket -> peer[0].greet(socket));
        return peer[0];
    }

    private static WebSocketClient.Builder ownLoops(int count) {
        return WebSocketClient.builder().proxy(null).loops(count);
    }

    /** When onOpen is called, the connection is no longer CONNECTING (RFC 6455 §4.1). */
    @Test
    void anOnOpenThatBlocksDelaysNoOtherConnect() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        try (Peer server = greeting();
                WebSocketClient client = ownLoops(2).maxConnecting(1).build();
                WebSocketClient other = ownLoops(1).build();
                IsolationTest.BlockingResolver block = new IsolationTest.BlockingResolver()) {
            CompletableFuture<WebSocket> opening = client.connect(server.uri(), new WebSocketListener() {
                @Override
                public void onOpen(WebSocket webSocket) {
                    reached.countDown();
                    block.hang();
                }
            });
            assertTrue(reached.await(20, TimeUnit.SECONDS));
            greeted(other, server.uri()).close();
            greeted(client, server.uri()).close(); // on its other loop
            assertFalse(opening.isDone());
        }
        assertEquals(0, LinkOpener.HOSTS.keys());
    }

    /** A connect waits for its host, and gets its turn when its loop is blocked. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aConnectThatEndsOnABlockedLoopReleasesItsHost(boolean closes) throws Exception {
        CountDownLatch respond = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> {
                    String head = peer[0].head(socket);
                    assertTrue(!head.startsWith("GET /slow ") || respond.await(20, TimeUnit.SECONDS));
                    Peer.greet(socket, head, "");
                });
                WebSocketClient client = ownLoops(1).build();
                WebSocketClient other = ownLoops(1).build();
                IsolationTest.BlockingResolver block = new IsolationTest.BlockingResolver()) {
            peer[0] = server;
            WebSocket open = greeted(client, server.uri());
            CompletableFuture<WebSocket> slow = other.connect("ws://127.0.0.1:" + server.port() + "/slow", new Chat());
            OpenResources.await("it has connected", () -> server.heads.size() == 2);
            CompletableFuture<WebSocket> waiting = client.connect(
                    ConnectRequest.to(server.uri())
                            .with(options -> options.addressFilter((host, address) -> {
                                open.executor()
                                        .execute(
                                                () -> { // when the connect waits for its turn
                                                    blocked.countDown();
                                                    block.hang();
                                                });
                                return true;
                            })),
                    new Chat());
            assertTrue(blocked.await(20, TimeUnit.SECONDS));
            respond.countDown();
            Chat.get(slow).close(); // now it is the turn of the connect whose loop is blocked
            if (closes) {
                client.close(Duration.ofMillis(300));
            } else {
                assertTrue(waiting.cancel(true));
            }
            greeted(other, server.uri()).close();
            block.over.countDown();
            client.close(Duration.ofSeconds(5));
            assertEquals(3, server.accepted());
        }
        assertEquals(0, LinkOpener.HOSTS.keys());
    }
}
