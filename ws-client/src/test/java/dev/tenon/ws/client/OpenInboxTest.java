package dev.tenon.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.Inbox;
import dev.tenon.ws.connection.Incoming;
import dev.tenon.ws.connection.ReadyState;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.handshake.HandshakeException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Inboxes over real connections: all sent messages are received, and then the end. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OpenInboxTest {
    private static WebSocketClient client(@Nullable Executor executor) throws IOException {
        WebSocketClient.Builder builder = WebSocketClient.builder().proxy(null);
        return (executor == null ? builder : builder.listenerExecutor(executor)).build();
    }

    private static byte[] text(int number) {
        String digits = String.format(java.util.Locale.ROOT, "%08d", number);
        return ("\u0081\u0008" + digits).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    /** Sends numbered texts and a Close frame, and counts down when it reads a masked pong. */
    private static Peer numbering(int count, CountDownLatch ponged) throws Exception {
        Peer[] peer = new Peer[1];
        peer[0] = Peer.start(socket -> {
            Peer.say(socket, Peer.upgrade(peer[0].head(socket), ""));
            Peer.say(socket, "\u0089\u0001p");
            readPong(socket);
            ponged.countDown();
            for (int i = 0; i < count; i++) {
                socket.getOutputStream().write(text(i));
            }
            Peer.say(socket, "\u0088\u0002\u0003\u00e9"); // 1001
            Peer.drain(socket);
        });
        return peer[0];
    }

    private static void readPong(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        assertEquals(0x8A, in.read());
        assertEquals(0x81, in.read());
        assertEquals(5, in.readNBytes(5).length);
    }

    private static void assertNumbers(Inbox inbox, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            assertEquals(
                    new Incoming.Text(String.format(java.util.Locale.ROOT, "%08d", i)),
                    inbox.receive(Duration.ofSeconds(30)));
        }
        assertEquals(
                CloseCode.GOING_AWAY, ((Incoming.End) inbox.receive()).event().code());
    }

    @Test
    void everythingThatAFastServerSendsIsIncomingWithItsEnd() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        for (Executor executor : new Executor[] {null, pool}) {
            CountDownLatch ponged = new CountDownLatch(1);
            try (Peer server = numbering(20_000, ponged);
                    WebSocketClient client = client(executor);
                    Inbox inbox = client.openInbox(server.uri())) {
                assertTrue(ponged.await(20, TimeUnit.SECONDS), "a ping is answered although nobody receives");
                assertNumbers(inbox, 20_000);
            }
        }
        pool.shutdown();
    }

    @Test
    void storedMessagesCanBeReceivedAfterClientAndLoopHaveEnded() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        for (Executor executor : new Executor[] {null, pool}) {
            OpenResources.awaitThreads(0); // threads of other tests
            try (Peer server = numbering(100, new CountDownLatch(1))) {
                Inbox inbox = Inbox.holding(0);
                WebSocketClient client = client(executor);
                WebSocket webSocket = Chat.get(client.connect(server.uri(), inbox));
                OpenResources.await("its end has not come", () -> webSocket.readyState() == ReadyState.CLOSED);
                client.close();
                assertEquals(0, OpenResources.threads());
                assertNumbers(inbox, 100);
            }
        }
        pool.shutdown();
    }

    @Test
    void closingDoesNotWaitForUnreceivedMessages() throws Exception {
        try (Peer server = numbering(5_000, new CountDownLatch(1));
                WebSocketClient client = client(null)) {
            Inbox inbox = Inbox.holding(0);
            Chat.get(client.connect(server.uri(), inbox));
            assertTrue(inbox.receive() instanceof Incoming.Text);
            inbox.close();
            assertTrue(inbox.receive() instanceof Incoming.End);
        }
    }

    @Test
    void openThrowsTheReasonWhyThereIsNoConnection() throws Exception {
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> {
                    peer[0].head(socket);
                    Peer.say(socket, Peer.response(404));
                });
                WebSocketClient client = client(null)) {
            peer[0] = server;
            HandshakeException refused = assertThrows(HandshakeException.class, () -> client.openInbox(server.uri()));
            assertEquals(404, refused.status());
        }
        try (WebSocketClient client = client(null)) {
            String uri = peer[0].uri();
            assertThrows(ConnectException.class, () -> client.openInbox(uri));
        }
    }

    @Test
    void openIsInterruptibleAndGivesTheAttemptUp() throws Exception {
        try (FullBacklog silence = FullBacklog.at("127.0.0.1", 0);
                WebSocketClient client = client(null)) {
            ConnectRequest request = ConnectRequest.to("ws://127.0.0.1:" + silence.port() + "/");
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> client.openInbox(request));
            OpenResources.await("its turn is not given back", () -> LinkOpener.HOSTS.keys() == 0);
        }
    }

    @Test
    void anEventLoopDoesNotWaitForItself() throws Exception {
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> peer[0].greet(socket));
                WebSocketClient client = client(null)) {
            peer[0] = server;
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Chat.get(client.connect(server.uri(), new WebSocketListener() {
                @Override
                public void onOpen(WebSocket webSocket) {
                    thrown.complete(assertThrows(IllegalStateException.class, () -> client.openInbox(server.uri())));
                }
            }));
            assertTrue(Chat.get(thrown) instanceof IllegalStateException);
        }
    }
}
