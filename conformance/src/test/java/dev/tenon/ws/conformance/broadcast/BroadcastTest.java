package dev.tenon.ws.conformance.broadcast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.conformance.faults.ObservedDeflate;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.deflate.DeflateOptions;
import dev.tenon.ws.deflate.PermessageDeflate;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.server.WebSocketServer;
import dev.tenon.ws.topics.SlowSubscriber;
import dev.tenon.ws.topics.Topic;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A server publishes to a thousand subscribers on several loops, with three sizes of the compression window and without
 * compression.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BroadcastTest {
    private static final int EACH = 250;
    private static final int MESSAGES = 100;

    @Test
    void everySubscriberGetsAllInOrderAndEachWindowIsCompressedForOnce() throws Exception {
        Topic topic = Topic.of(SlowSubscriber.CLOSE);
        AtomicInteger opened = new AtomicInteger(); // once for each connection, and once for a shared message
        ObservedDeflate deflate = new ObservedDeflate(extension -> {
            opened.incrementAndGet();
            return extension;
        });
        CountDownLatch whole = new CountDownLatch(4 * EACH);
        AtomicInteger wrong = new AtomicInteger();
        try (WebSocketServer server = WebSocketServer.builder()
                        .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .loops(4)
                        .extensions(Extensions.of(deflate))
                        .route(
                                "/",
                                upgrade -> upgrade.accept(new WebSocketListener() {
                                    @Override
                                    public void onOpen(WebSocket webSocket) {
                                        topic.subscribe(webSocket);
                                    }
                                }))
                        .start();
                WebSocketClient plain = client(Extensions.none());
                WebSocketClient wide = client(Extensions.of(new PermessageDeflate()));
                WebSocketClient middle = client(window(12));
                WebSocketClient narrow = client(window(10))) {
            String uri = "ws://127.0.0.1:" + server.port() + "/";
            List<WebSocketClient> clients = List.of(plain, wide, middle, narrow);
            List<CompletableFuture<WebSocket>> connects = new ArrayList<>();
            for (int i = 0; i < EACH; i++) {
                for (WebSocketClient client : clients) {
                    connects.add(client.connect(uri, new CheckingListener(whole, wrong)));
                }
            }
            for (CompletableFuture<WebSocket> connect : connects) {
                assertTrue(connect.get(60, TimeUnit.SECONDS).extensions().size() <= 1);
            }
            while (topic.size() < 4 * EACH) {
                Thread.onSpinWait();
            }
            assertEquals(3 * EACH, opened.get());
            for (int i = 0; i < MESSAGES; i++) {
                assertEquals(SendResult.QUEUED, topic.publishText(text(i)));
            }
            assertTrue(whole.await(60, TimeUnit.SECONDS), () -> whole.getCount() + " have not got all");
            assertEquals(0, wrong.get());
            assertEquals(0, topic.missed());
            assertEquals(3 * EACH + 3 * MESSAGES, opened.get());
            for (WebSocketClient client : clients) {
                client.close(Duration.ofSeconds(20));
            }
            long end = System.nanoTime() + 10_000_000_000L;
            while (topic.size() > 0) {
                assertTrue(System.nanoTime() < end, () -> topic.size() + " are left");
                Thread.onSpinWait();
            }
        }
    }

    private static WebSocketClient client(Extensions extensions) throws Exception {
        return WebSocketClient.builder().loops(1).extensions(extensions).build();
    }

    /** The extensions of a client that asks the server to compress with a window of this size. */
    private static Extensions window(int bits) {
        DeflateOptions options =
                DeflateOptions.defaults().withTakeover(true, true).withWindowBits(15, bits);
        return Extensions.of(new PermessageDeflate(options));
    }

    private static String text(int i) {
        return "message " + i + ", which says the same as the others: ".repeat(3);
    }

    private static final class CheckingListener implements WebSocketListener {
        private final CountDownLatch whole;
        private final AtomicInteger wrong;
        private int next;

        CheckingListener(CountDownLatch whole, AtomicInteger wrong) {
            this.whole = whole;
            this.wrong = wrong;
        }

        @Override
        public void onText(WebSocket webSocket, String text) {
            if (!text.equals(text(next))) {
                wrong.incrementAndGet();
            }
            if (++next == MESSAGES) {
                whole.countDown();
            }
        }
    }
}
