package dev.tenon.ws.client;

import static dev.tenon.ws.client.ReconnectPeers.QUICK;
import static dev.tenon.ws.client.ReconnectPeers.client;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.client.Outbox.OnLoss;
import dev.tenon.ws.client.ReconnectPeers.RecordingListener;
import dev.tenon.ws.connection.Message;
import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.WebSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An outbox over real sockets. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("NullAway") // a null value fails the test
class OutboxTest {
    /** Sends "login" when a connection opens. */
    private static class Login extends RecordingListener {
        @Override
        public void onOpen(WebSocket webSocket) {
            super.onOpen(webSocket);
            webSocket.sendText("login");
        }
    }

    private static CompletableFuture<Void> send(Outbox outbox, String text) {
        return outbox.sendAsync(Message.text(text)).toCompletableFuture();
    }

    private static ReconnectingWebSocket start(
            WebSocketClient client, Peer server, RecordingListener listener, Outbox outbox, ReconnectPolicy policy) {
        return ReconnectingWebSocket.start(client, last -> ConnectRequest.to(server.uri()), policy, listener, outbox);
    }

    private static IOException failure(CompletableFuture<Void> future) {
        ExecutionException e = assertThrows(ExecutionException.class, () -> future.get(20, TimeUnit.SECONDS));
        return assertInstanceOf(IOException.class, e.getCause());
    }

    private static String take(BlockingQueue<String> received) throws InterruptedException {
        String next = received.poll(20, TimeUnit.SECONDS);
        assertNotNull(next);
        return next;
    }

    /** Refuses the first connect, then upgrades and records the messages. */
    private static Peer.Script recordsMessages(Peer[] peer, BlockingQueue<String> received) {
        return socket -> {
            String head = peer[0].head(socket);
            if (peer[0].heads.size() == 1) {
                Peer.say(socket, Peer.response(503));
                return;
            }
            Peer.say(socket, Peer.upgrade(head, ""));
            for (String text = Peer.text(socket); text != null; text = Peer.text(socket)) {
                received.add(text);
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    void messagesWaitForAConnectionAndLeaveInOrderBehindThoseOfOnOpen(OnLoss onLoss) throws Exception {
        Peer[] peer = new Peer[1];
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        Outbox outbox = Outbox.of(onLoss);
        CompletableFuture<Void> before = send(outbox, "before");
        try (Peer server = Peer.start(recordsMessages(peer, received));
                WebSocketClient client = client()) {
            peer[0] = server;
            ReconnectingWebSocket reconnecting = start(client, server, new Login(), outbox, QUICK);
            List<CompletableFuture<Void>> more = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                more.add(send(outbox, "m" + i));
            }
            assertEquals("login", take(received));
            assertEquals("before", take(received));
            for (int i = 0; i < 200; i++) {
                assertEquals("m" + i, take(received));
            }
            before.get(20, TimeUnit.SECONDS);
            CompletableFuture.allOf(more.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
            assertEquals(0, outbox.size());
            reconnecting.close();
            assertEquals(
                    "the ReconnectingWebSocket has ended",
                    failure(send(outbox, "late")).getMessage());
        }
    }

    @Test
    void anExceptionOfWhenReadyEndsItsConnectionOnly() throws Exception {
        Peer[] peer = new Peer[1];
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        Outbox outbox = Outbox.of(OnLoss.RESEND);
        CompletableFuture<Void> order = send(outbox, "order");
        RecordingListener listener = new RecordingListener() {
            private boolean hasThrown;

            @Override
            public CompletionStage<?> whenReady(WebSocket webSocket) {
                if (!hasThrown) {
                    hasThrown = true;
                    throw new IllegalStateException("the test wants to see this");
                }
                return super.whenReady(webSocket);
            }
        };
        try (Peer server = Peer.start(recordsMessages(peer, received));
                WebSocketClient client = client()) {
            peer[0] = server;
            ReconnectingWebSocket reconnecting =
                    start(client, server, listener, outbox, QUICK.withRetries(all -> true));
            assertEquals("order", take(received));
            order.get(20, TimeUnit.SECONDS);
            assertEquals(3, server.heads.size());
            listener.reads("reconnect 1 WAITING", "open", "close 1011", "reconnect 2 WAITING", "open");
            reconnecting.close();
        }
    }

    @Test
    void aLoginWhoseAnswerIsAwaitedComesFirst() throws Exception {
        Peer[] peer = new Peer[1];
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        Outbox outbox = Outbox.of(OnLoss.RESEND);
        CompletableFuture<Void> order = send(outbox, "order");
        Login login = new Login() {
            private final CompletableFuture<Void> welcome = new CompletableFuture<>();

            @Override
            public CompletionStage<?> whenReady(WebSocket webSocket) {
                return welcome;
            }

            @Override
            public void onText(WebSocket webSocket, String text) {
                welcome.complete(null);
            }
        };
        try (Peer server = Peer.start(socket -> {
                    Peer.say(socket, Peer.upgrade(peer[0].head(socket), ""));
                    received.add(Peer.text(socket));
                    received.add("waiting " + outbox.size() + ", bytes "
                            + socket.getInputStream().available());
                    Peer.say(socket, "\u0081\u0002ok");
                    received.add(Peer.text(socket));
                    Peer.drain(socket);
                });
                WebSocketClient client = client()) {
            peer[0] = server;
            ReconnectingWebSocket unused = start(client, server, login, outbox, QUICK);
            assertEquals("login", take(received));
            assertEquals("waiting 1, bytes 0", take(received));
            assertEquals("order", take(received));
            order.get(20, TimeUnit.SECONDS);
        }
    }

    /** The first connection takes nothing and is reset: some messages have left, some were in flight, some waited. */
    @ParameterizedTest
    @EnumSource
    void whatWasOnItsWayIsSentAgainOrReported(OnLoss onLoss) throws Exception {
        Peer[] peer = new Peer[1];
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        int count = 150;
        Outbox outbox = Outbox.of(onLoss, count, 64 << 20);
        String padding = "x".repeat(100_000);
        CompletableFuture<Void> full = new CompletableFuture<>();
        try (Peer server = Peer.start(socket -> {
                    Peer.say(socket, Peer.upgrade(peer[0].head(socket), ""));
                    if (peer[0].heads.size() == 1) {
                        full.get(20, TimeUnit.SECONDS);
                        socket.setSoLinger(true, 0); // closing resets
                        return;
                    }
                    for (String text = Peer.text(socket); text != null; text = Peer.text(socket)) {
                        received.add(text.substring(padding.length()));
                    }
                });
                WebSocketClient client = client()) {
            peer[0] = server;
            RecordingListener listener = new RecordingListener();
            ReconnectingWebSocket reconnecting = start(client, server, listener, outbox, QUICK);
            listener.reads("open");
            WebSocket first = reconnecting.webSocket().orElseThrow();
            List<CompletableFuture<Void>> futures = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                futures.add(send(outbox, padding + i));
            }
            OpenResources.await(
                    "the connection is not full", () -> futures.get(0).isDone() && first.bufferedAmount() > 64 << 10);
            full.complete(null);
            CompletableFuture<Void> last = futures.get(count - 1);
            last.get(20, TimeUnit.SECONDS);
            List<String> lost = new ArrayList<>();
            List<String> again = new ArrayList<>();
            for (String next = take(received); !next.equals("" + (count - 1)); next = take(received)) {
                again.add(next);
            }
            for (int i = 0; i < count; i++) {
                if (futures.get(i).isCompletedExceptionally()) {
                    lost.add("" + i);
                    assertEquals(
                            "the connection was lost before the message had left",
                            failure(futures.get(i)).getMessage());
                }
            }
            assertEquals(onLoss == OnLoss.RESEND, lost.isEmpty(), lost.toString());
            int begin = Integer.parseInt(again.get(0));
            for (int i = 0; i < again.size(); i++) {
                assertEquals("" + (begin + i), again.get(i));
            }
            assertTrue(begin > 0, "what has left is not sent again");
            if (!lost.isEmpty()) {
                assertEquals("" + (begin - 1), lost.get(lost.size() - 1));
            }
            reconnecting.close();
        }
    }

    @Test
    void aFullOutboxRefusesByName() {
        Outbox outbox = Outbox.of(OnLoss.FAIL, 2, 10);
        CompletableFuture<Void> kept = send(outbox, "12345");
        assertInstanceOf(OutboxFullException.class, failure(send(outbox, "123456")));
        CompletableFuture<Void> empty = send(outbox, "");
        OutboxFullException full = assertInstanceOf(OutboxFullException.class, failure(send(outbox, "")));
        assertEquals("the outbox is full: 2 of 2 messages wait, with 5 of 10 bytes", full.getMessage());
        assertTrue(!kept.isDone() && !empty.isDone());
        assertEquals(2, outbox.size());
        assertThrows(IllegalArgumentException.class, () -> Outbox.of(OnLoss.FAIL, 0, 10));
        assertThrows(IllegalArgumentException.class, () -> Outbox.of(OnLoss.FAIL, 1, 0));
    }

    @Test
    void aMessageIsWholeAndItsBytesAreCopied() throws Exception {
        Peer[] peer = new Peer[1];
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        Outbox outbox = Outbox.of(OnLoss.RESEND);
        ByteBuffer buffer = ByteBuffer.wrap("mine".getBytes(StandardCharsets.UTF_8));
        CompletionStage<Void> sent = outbox.sendAsync(Message.text(buffer));
        buffer.clear().put("your".getBytes(StandardCharsets.UTF_8));
        Message piece = Message.piece(MessageType.TEXT, ByteBuffer.allocate(1), false);
        assertThrows(IllegalArgumentException.class, () -> outbox.sendAsync(piece));
        try (Peer server = Peer.start(recordsMessages(peer, received));
                WebSocketClient client = client()) {
            peer[0] = server;
            ReconnectingWebSocket unused = start(client, server, new RecordingListener(), outbox, QUICK);
            assertEquals("mine", take(received));
            sent.toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertThrows(
                    IllegalStateException.class, () -> start(client, server, new RecordingListener(), outbox, QUICK));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "close client", "given up", "closed client"})
    void whenTheReconnectingEndsWhatWaitsFails(String end) throws Exception {
        Outbox outbox = Outbox.of(OnLoss.RESEND);
        CompletableFuture<Void> waits = send(outbox, "x");
        try (Peer server = ReconnectPeers.scripted(ReconnectPeers.answers(503), ReconnectPeers.answers(404));
                WebSocketClient client = client()) {
            if (end.equals("closed client")) {
                client.close(Duration.ofSeconds(5));
            }
            ReconnectPolicy policy = end.equals("given up") ? QUICK : ReconnectPeers.LATER;
            ReconnectingWebSocket reconnecting = start(client, server, new RecordingListener(), outbox, policy);
            if (end.equals("close")) {
                reconnecting.close();
            } else if (end.equals("close client")) {
                client.close(Duration.ofSeconds(5));
            }
            assertEquals("the ReconnectingWebSocket has ended", failure(waits).getMessage());
            assertEquals(0, outbox.size());
        }
    }
}
