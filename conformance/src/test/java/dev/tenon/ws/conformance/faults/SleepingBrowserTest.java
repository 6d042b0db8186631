package dev.tenon.ws.conformance.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.server.WebSocketServer;
import dev.tenon.ws.topics.ClusterTopics;
import dev.tenon.ws.topics.Envelope;
import dev.tenon.ws.topics.HistoryLimits;
import dev.tenon.ws.topics.LocalBackbone;
import dev.tenon.ws.topics.Position;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A page whose browser sleeps: its socket stays open, and nobody reads it for a while. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SleepingBrowserTest {
    private static final int RECEIVE_BUFFER = 16 * 1024;
    private static final int MESSAGES = 600;
    private static final String PADDING = "x".repeat(32 * 1024);
    private static final Pattern ENVELOPE =
            Pattern.compile("\\{\"p\":\"([^\"]+)\",(?:\"d\":\"(\\d+) x+\"|\"recovered\":(\\w+))}");

    private record Reader(ClusterTopics topics, String after) implements WebSocketListener {
        @Override
        public void onOpen(WebSocket webSocket) {
            if (after.isEmpty()) {
                topics.subscribe("oak", webSocket);
            } else {
                topics.resume("oak", webSocket, Position.parse(after));
            }
        }
    }

    /** What a page does with what it receives. */
    private static final class Page {
        final List<Integer> received = new ArrayList<>();
        String position = "";
        String recovered = "";

        /** Reads until it has all messages; returns the code of a Close frame that comes before, or 0. */
        int read(RawPeer socket, int last) throws Exception {
            while (received.isEmpty() || received.get(received.size() - 1) < last) {
                Frame frame = socket.frame();
                if (frame.firstByte().opcode() == Opcode.CLOSE) {
                    return ClosePayload.decode(frame.payload()).code().value();
                }
                if (frame.firstByte().opcode() == Opcode.PING) {
                    socket.send(new Frame(FirstByte.of(true, Opcode.PONG), frame.payload()));
                } else {
                    message(UTF_8.decode(frame.payload()).toString());
                }
            }
            return 0;
        }

        void message(String text) {
            Matcher message = ENVELOPE.matcher(text);
            assertTrue(message.matches(), text);
            position = message.group(1);
            if (message.group(2) == null) {
                recovered = message.group(3);
            } else {
                received.add(Integer.parseInt(message.group(2)));
            }
        }
    }

    @Test
    void whatItHasNotReadComesWhenItReconnects() throws Exception {
        ClusterTopics topics =
                ClusterTopics.over(LocalBackbone.create(new HistoryLimits(MESSAGES, 1 << 30, 10)), Envelope.json());
        Page sleeping = new Page();
        Page awake = new Page();
        try (WebSocketServer server = WebSocketServer.builder()
                        .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .route(
                                "/ws",
                                upgrade -> upgrade.accept(new Reader(
                                        topics, after(upgrade.headers().first("After")))))
                        .start();
                RawPeer open = new RawPeer(server.port(), null, RECEIVE_BUFFER);
                RawPeer other = RawPeer.open(server.port(), null)) {
            open.upgrade();
            sleeping.message(UTF_8.decode(open.frame().payload()).toString());
            awake.message(UTF_8.decode(other.frame().payload()).toString());
            for (int i = 0; i < MESSAGES; i++) {
                topics.publishText("oak", i + " " + PADDING);
                assertEquals(0, awake.read(other, i), "a page that reads must not be closed");
            }
            assertEquals(1013, sleeping.read(open, MESSAGES - 1), "it has slept for too long");
            try (RawPeer again = RawPeer.open(server.port(), null, "After: " + sleeping.position)) {
                assertEquals(0, sleeping.read(again, MESSAGES - 1));
            }
        }
        assertEquals("true", sleeping.recovered);
        assertEquals(IntStream.range(0, MESSAGES).boxed().toList(), sleeping.received);
        assertEquals(sleeping.received, awake.received);
    }

    private static String after(@Nullable String header) {
        return header == null ? "" : header;
    }
}
