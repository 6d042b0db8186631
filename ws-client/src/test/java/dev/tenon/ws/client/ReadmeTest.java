package dev.tenon.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.Inbox;
import dev.tenon.ws.connection.Incoming;
import dev.tenon.ws.connection.Message;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples of README.md, word for word. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReadmeTest {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final AtomicInteger tokens = new AtomicInteger();

    private void print(String line) {
        lines.add(line);
    }

    @SuppressWarnings("AssignmentExpression") // the README shows it in this form
    private void ask(String uri) throws IOException, InterruptedException {
        try (WebSocketClient client = WebSocketClient.create();
                Inbox inbox = client.openInbox(uri)) {
            inbox.webSocket().sendText("hello");
            Incoming next;
            while ((next = inbox.receive()) instanceof Incoming.Text message) {
                print(message.text());
            }
            print("ended: " + ((Incoming.End) next).event().code());
        }
    }

    class Feed implements ReconnectListener {
        @Override
        public void onOpen(WebSocket webSocket) {
            webSocket.sendText("subscribe"); // again after each reconnect
        }

        @Override
        public void onText(WebSocket webSocket, String text) {
            print(text);
        }

        @Override
        public void onReconnect(ReconnectingWebSocket reconnecting, Disconnect disconnect, Duration delay) {
            print("lost; the next attempt is in " + delay.toSeconds() + " s");
        }
    }

    class Orders implements ReconnectListener {
        @Override
        public void onOpen(WebSocket webSocket) {
            webSocket.sendText("login"); // leaves before the messages of the outbox
        }

        @Override
        public void onText(WebSocket webSocket, String text) {
            print(text);
        }
    }

    private ReconnectingWebSocket order(WebSocketClient client, String uri) {
        Outbox outbox = Outbox.of(Outbox.OnLoss.FAIL);
        ReconnectingWebSocket orders = ReconnectingWebSocket.start(
                client, last -> ConnectRequest.to(uri), ReconnectPolicy.DEFAULT, new Orders(), outbox);
        outbox.sendAsync(Message.text("buy 5")).whenComplete((nothing, failure) -> {
            if (failure == null) {
                print("sent");
            } else {
                print("not sent, or unknown: " + failure.getMessage());
            }
        });
        return orders;
    }

    private ReconnectingWebSocket follow(WebSocketClient client, String uri) {
        ReconnectPolicy policy = ReconnectPolicy.DEFAULT.withDelays(Duration.ofMillis(500), Duration.ofSeconds(30));
        ReconnectingWebSocket feed = ReconnectingWebSocket.start(client, ConnectRequest.to(uri), policy, new Feed());
        return feed;
    }

    private ReconnectingWebSocket followWithTokens(WebSocketClient client, String uri) {
        ReconnectPolicy tokensExpire = ReconnectPolicy.DEFAULT
                .withDelays(Duration.ofMillis(500), Duration.ofSeconds(30))
                .withRetries(end -> end.isTransient() || end.status() == 401 || end.code() == 4401);
        RequestSupplier requests = last -> ConnectRequest.to(uri).withHeader("Authorization", "Bearer " + fetchToken());
        ReconnectingWebSocket feed = ReconnectingWebSocket.start(client, requests, tokensExpire, new Feed());
        return feed;
    }

    private String fetchToken() {
        return "t" + tokens.incrementAndGet();
    }

    private CompletableFuture<WebSocket> guarded(WebSocketClient client, String uri, WebSocketListener listener) {
        ConnectRequest request = ConnectRequest.to(uri)
                .with(options ->
                        options.timeout(Duration.ofSeconds(5)).redirects(2).addressFilter(AddressFilter.PUBLIC));
        return client.connect(request, listener);
    }

    @Test
    void anInboxReceivesTheResponseAndTheEnd() throws Exception {
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> {
            Peer.say(socket, Peer.upgrade(peer[0].head(socket), ""));
            assertEquals(11, socket.getInputStream().readNBytes(11).length); // a masked "hello"
            Peer.say(socket, "\u0081\u0002hi\u0088\u0002\u0003\u00e8");
            Peer.drain(socket);
        })) {
            peer[0] = server;
            ask(server.uri());
        }
        assertEquals(List.of("hi", "ended: 1000"), List.copyOf(lines));
    }

    @Test
    void aFeedBringsAFreshTokenEachTime() throws Exception {
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> {
                    String head = peer[0].head(socket);
                    boolean fresh = Peer.header(head, "Authorization").equals("Bearer t2");
                    Peer.say(socket, fresh ? Peer.upgrade(head, "") + "\u0081\u0002hi" : Peer.response(401));
                    Peer.drain(socket);
                });
                WebSocketClient client = WebSocketClient.create()) {
            peer[0] = server;
            ReconnectingWebSocket feed = followWithTokens(client, server.uri());
            assertTrue(String.valueOf(lines.poll(20, TimeUnit.SECONDS)).startsWith("lost; "));
            assertEquals("hi", lines.poll(20, TimeUnit.SECONDS));
            feed.close();
        }
    }

    @Test
    void aGuardedConnectGoesToNoPrivateAddress() throws Exception {
        try (WebSocketClient client = WebSocketClient.create()) {
            Chat.failure(
                    AddressRejectedException.class,
                    guarded(client, "ws://169.254.169.254/latest/meta-data", new Chat()));
        }
    }

    @Test
    void aFeedReconnectsAndSubscribesAgain() throws Exception {
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> {
                    Peer.say(socket, Peer.upgrade(peer[0].head(socket), ""));
                    assertEquals(15, socket.getInputStream().readNBytes(15).length); // a masked "subscribe"
                    Peer.say(socket, "\u0081\u0002hi");
                });
                WebSocketClient client = WebSocketClient.create()) {
            peer[0] = server;
            ReconnectingWebSocket feed = follow(client, server.uri());
            assertEquals("hi", lines.poll(20, TimeUnit.SECONDS));
            String lost = String.valueOf(lines.poll(20, TimeUnit.SECONDS));
            assertTrue(lost.startsWith("lost; the next attempt is in "), lost);
            assertEquals("hi", lines.poll(20, TimeUnit.SECONDS));
            feed.close();
        }
    }

    @Test
    void anOrderIsSentAfterTheLogin() throws Exception {
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> {
                    Peer.say(socket, Peer.upgrade(peer[0].head(socket), ""));
                    print(String.valueOf(Peer.text(socket)));
                    print(String.valueOf(Peer.text(socket)));
                    Peer.drain(socket);
                });
                WebSocketClient client = WebSocketClient.create()) {
            peer[0] = server;
            ReconnectingWebSocket orders = order(client, server.uri());
            List<String> seen = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                seen.add(String.valueOf(lines.poll(20, TimeUnit.SECONDS)));
            }
            seen.remove("sent"); // may come before what the server prints
            assertEquals(List.of("login", "buy 5"), seen);
            orders.close();
        }
    }
}
