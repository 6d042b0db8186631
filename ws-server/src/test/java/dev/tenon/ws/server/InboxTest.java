package dev.tenon.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.Inbox;
import dev.tenon.ws.connection.InboxHandler;
import dev.tenon.ws.connection.Incoming;
import dev.tenon.ws.connection.Message;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.Frame;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Blocking handlers, over real sockets. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InboxTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BlockingQueue<Incoming> got = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() throws InterruptedException {
        threads.shutdownNow();
        assertTrue(threads.awaitTermination(30, TimeUnit.SECONDS), "a handler waits for ever");
    }

    private WebSocketServer serve(InboxHandler handler) throws IOException {
        return WebSocketServer.builder()
                .listen(new InetSocketAddress("127.0.0.1", 0))
                .route("/ws", upgrade -> upgrade.accept(Inbox.handledBy(handler, threads)))
                .start();
    }

    private static RawClient joined(WebSocketServer server) throws IOException {
        RawClient client = new RawClient(server);
        client.send(RawClient.upgrade("/ws", ""));
        assertTrue(client.head().startsWith("HTTP/1.1 101 "));
        return client;
    }

    private static Frame close(CloseCode code) {
        return Frame.close(new ClosePayload(code, ""));
    }

    private void echo(Inbox inbox) throws IOException, InterruptedException {
        while (true) {
            Incoming next = inbox.receive();
            got.add(next);
            if (!(next instanceof Incoming.Text text)) {
                return;
            }
            inbox.webSocket().sendBlocking(Message.text(text.text()));
        }
    }

    @Test
    void aHandlerAnswersManyMessagesInOrderAndSeesTheEnd() throws Exception {
        try (WebSocketServer server = serve(this::echo);
                RawClient client = joined(server)) {
            for (int i = 0; i < 500; i++) {
                client.send(Frame.text("m" + i));
            }
            for (int i = 0; i < 500; i++) {
                assertEquals(Frame.text("m" + i), client.frame());
            }
            client.send(close(CloseCode.GOING_AWAY));
            assertEquals(List.of(close(CloseCode.GOING_AWAY)), client.frames());
            Incoming last = got.take();
            while (last instanceof Incoming.Text) {
                last = got.take();
            }
            assertEquals(CloseCode.GOING_AWAY, ((Incoming.End) last).event().code());
        }
    }

    @Test
    void aHandlerThatReturnsOrThrowsClosesItsConnection() throws Exception {
        try (WebSocketServer server = serve(inbox -> {
                    if (inbox.receive() instanceof Incoming.Text text
                            && text.text().equals("fail")) {
                        throw new IOException("no database");
                    }
                });
                RawClient content = joined(server);
                RawClient failing = joined(server)) {
            content.send(Frame.text("enough"));
            assertEquals(close(CloseCode.NORMAL_CLOSURE), content.frame());
            failing.send(Frame.text("fail"));
            assertEquals(close(CloseCode.INTERNAL_ERROR), failing.frame());
        }
    }

    @Test
    void aWaitingHandlerIsNotifiedThatTheServerStops() throws Exception {
        CompletableFuture<Incoming> last = new CompletableFuture<>();
        WebSocketServer server = serve(inbox -> last.complete(inbox.receive()));
        try (RawClient client = joined(server)) {
            CompletableFuture<Void> stopping = CompletableFuture.runAsync(() -> server.stop(Duration.ofSeconds(30)));
            assertEquals(close(CloseCode.GOING_AWAY), client.frame());
            client.send(close(CloseCode.GOING_AWAY));
            stopping.get(30, TimeUnit.SECONDS);
            assertEquals(
                    CloseCode.GOING_AWAY,
                    ((Incoming.End) last.get(30, TimeUnit.SECONDS)).event().code());
        }
    }
}
