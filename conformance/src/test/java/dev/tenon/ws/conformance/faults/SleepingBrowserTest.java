package dev.tenon.ws.conformance.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.server.WebSocketServer;
import dev.tenon.ws.topics.ClusterTopics;
import dev.tenon.ws.topics.Envelope;
import dev.tenon.ws.topics.HistoryLimits;
import dev.tenon.ws.topics.LocalBackbone;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A page whose browser sleeps: its socket stays open, and nobody reads it for a while. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SleepingBrowserTest {
    private static final int RECEIVE_BUFFER = 16 * 1024;
    private static final int MESSAGES = 600;
    private static final String PADDING = "x".repeat(32 * 1024);

    @Test
    void whatItHasNotReadComesWhenItReconnects() throws Exception {
        ClusterTopics topics =
                ClusterTopics.over(LocalBackbone.create(new HistoryLimits(MESSAGES, 1 << 30, 10)), Envelope.json());
        TopicPage sleeping = new TopicPage();
        TopicPage awake = new TopicPage();
        try (WebSocketServer server = TopicPage.serve(topics, opened -> {});
                RawPeer open = sleeping.connect(server, RECEIVE_BUFFER);
                RawPeer other = awake.connect(server, 0)) {
            for (int i = 0; i < MESSAGES; i++) {
                topics.publishText(TopicPage.TOPIC, i + " " + PADDING);
                assertEquals(0, awake.read(other, i), "a page that reads must not be closed");
            }
            assertEquals(1013, sleeping.read(open, MESSAGES - 1), "it has slept for too long");
            try (RawPeer again = sleeping.connect(server, 0)) {
                assertEquals(0, sleeping.read(again, MESSAGES - 1));
            }
        }
        assertEquals("true", sleeping.recovered);
        assertEquals(IntStream.range(0, MESSAGES).boxed().toList(), sleeping.received);
        assertEquals(sleeping.received, awake.received);
    }
}
