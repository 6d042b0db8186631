package dev.tenon.ws.conformance.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.ReadyState;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.server.WebSocketServer;
import dev.tenon.ws.topics.ClusterTopics;
import dev.tenon.ws.topics.Envelope;
import dev.tenon.ws.topics.HistoryLimits;
import dev.tenon.ws.topics.LocalBackbone;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A page that comes back to a long history of a busy topic, and reads slowly. The replay is longer than the 4 MiB of live messages
 * that may wait for it, and than the 1 MiB that may wait for its socket.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SlowReplayTest {
    private static final int RECEIVE_BUFFER = 16 * 1024;
    private static final int HISTORY = 6 << 20;
    private static final int LIVE_LIMIT = 4 << 20;
    /** What a message counts for beside its payload. */
    private static final int OVERHEAD = 256;

    /** How many bytes of a replay may wait for the socket: 256 KiB and the message with which they are reached. */
    private static final int TURN = 320 * 1024;

    private static final int LENGTH = 12 * 1024;
    private static final String PADDING = "x".repeat(2 * LENGTH);

    private final ClusterTopics topics =
            ClusterTopics.over(LocalBackbone.create(new HistoryLimits(10_000, 1 << 30, 10)), Envelope.json());
    private final BlockingQueue<WebSocket> opened = new LinkedBlockingQueue<>();
    private final TopicPage page = new TopicPage();
    private int published;

    /** Publishes a message; returns the length of its payload. */
    private int publish(int length) throws Exception {
        String text = published++ + " " + PADDING.substring(0, length);
        String position = topics.publishText(TopicPage.TOPIC, text)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS)
                .toString();
        if (published == 1) {
            page.position = position;
            page.received.add(0);
        }
        return text.length();
    }

    @BeforeEach
    void publishHistory() throws Exception {
        for (int bytes = 0; bytes < HISTORY; ) {
            bytes += publish(LENGTH + published * 7_919 % LENGTH);
        }
    }

    private void assertAllReceivedOnce() {
        assertEquals("true", page.recovered);
        assertEquals(IntStream.range(0, published).boxed().toList(), page.received);
    }

    @Test
    void aPageThatReadsSlowlyReceivesAllAlthoughLiveMessagesKeepComing() throws Exception {
        try (WebSocketServer server = TopicPage.serve(topics, opened::add);
                RawPeer socket = page.connect(server, RECEIVE_BUFFER)) {
            WebSocket webSocket = opened.take();
            for (int live = 0; live < LIVE_LIMIT + HISTORY / 8; live += publish(LENGTH)) { // one for each that it reads
                assertEquals(0, page.read(socket, page.received.size()), "more than the limit never waits");
                long waiting = webSocket.bufferedAmount();
                assertTrue(waiting < TURN, waiting + " bytes wait for a page that reads slowly");
            }
            assertEquals(0, page.read(socket, published - 1));
            publish(LENGTH);
            assertEquals(0, page.read(socket, published - 1));
        }
        assertAllReceivedOnce();
    }

    @Test
    void aPageThatReadsTooSlowlyIsClosedAndResumesFurtherOn() throws Exception {
        int history = published;
        try (WebSocketServer server = TopicPage.serve(topics, opened::add)) {
            try (RawPeer socket = page.connect(server, RECEIVE_BUFFER)) {
                WebSocket webSocket = opened.take();
                int live = 0;
                while (live <= LIVE_LIMIT) {
                    assertEquals(ReadyState.OPEN, webSocket.readyState(), live + " bytes of live messages wait");
                    live += publish(LENGTH) + OVERHEAD;
                }
                assertEquals(1013, page.read(socket, published - 1));
            }
            int before = page.received.size();
            assertTrue(before > 1 && before < history, before + " messages of " + history);
            try (RawPeer socket = page.connect(server, RECEIVE_BUFFER)) {
                for (int i = 0; i < 50; i++) {
                    publish(LENGTH);
                    assertEquals(0, page.read(socket, page.received.size()));
                }
                assertEquals(0, page.read(socket, published - 1));
            }
        }
        assertAllReceivedOnce();
    }
}
