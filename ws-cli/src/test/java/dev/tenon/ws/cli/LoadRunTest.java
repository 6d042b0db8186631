package dev.tenon.ws.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.client.ConnectRequest;
import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.server.WebSocketServer;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A benchmark against servers that do not echo. */
@Timeout(60)
class LoadRunTest {
    private static final Duration AN_HOUR = Duration.ofHours(1);

    private static List<String> faults(WebSocketListener listener, Duration duration) throws Exception {
        Load load = new Load(2, 1, 0, List.of(100, 70_000), false, Duration.ZERO, duration);
        return report(listener, load).faults(new Thresholds());
    }

    private static LoadReport report(WebSocketListener listener, Load load) throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress("127.0.0.1", 0);
        LoadProgress progress = new LoadProgress(new PrintStream(OutputStream.nullOutputStream()), false);
        try (WebSocketServer server = WebSocketServer.builder()
                        .listen(anyPort)
                        .route("/", upgrade -> upgrade.accept(listener))
                        .start();
                WebSocketClient client = WebSocketClient.create()) {
            ConnectRequest request = ConnectRequest.to("ws://127.0.0.1:" + server.port() + "/");
            return new LoadRun(load, progress, new ClientOptions()).run(client, request);
        }
    }

    @Test
    void aMessageOfTheSameLengthWithOtherBytesIsNoEcho() throws Exception {
        WebSocketListener wrong = new WebSocketListener() {
            @Override
            public void onBinary(WebSocket webSocket, ByteBuffer data) {
                byte[] changed = new byte[data.remaining()];
                changed[changed.length - 1] = 1;
                webSocket.sendBinary(ByteBuffer.wrap(changed));
            }
        };
        String faults = String.join("\n", faults(wrong, Duration.ofSeconds(1)));
        assertTrue(faults.contains("the server does not echo"), faults);
    }

    @Test
    void anEchoHasNoFaults() throws Exception {
        WebSocketListener echo = new WebSocketListener() {
            @Override
            public void onBinary(WebSocket webSocket, ByteBuffer data) {
                webSocket.sendBinary(data);
            }
        };
        assertEquals(List.of(), faults(echo, Duration.ofSeconds(1)));
    }

    @Test
    void theMessagesThatAServerDoesNotReturnAreInThePercentiles() throws Exception {
        AtomicInteger messages = new AtomicInteger();
        WebSocketListener freezing = new WebSocketListener() {
            @Override
            public void onBinary(WebSocket webSocket, ByteBuffer data) {
                if (messages.incrementAndGet() <= 50) {
                    webSocket.sendBinary(data);
                }
            }
        };
        Load load = new Load(2, 1, 100, List.of(10), false, Duration.ZERO, Duration.ofSeconds(2));
        LoadReport report = report(freezing, load);
        assertEquals(50, report.counters().echoedCount());
        assertTrue(report.millis(0.99) > 500, report.text());
        assertTrue(report.millis(0.5) > 100, report.text());
    }

    /** Each connection has one message in flight, so only two are late; they stand for those that would have followed. */
    @Test
    void aServerThatStopsHalfwayIsSlowAlsoIfMessagesWaitForEachOther() throws Exception {
        AtomicInteger messages = new AtomicInteger();
        WebSocketListener freezing = new WebSocketListener() {
            @Override
            public void onBinary(WebSocket webSocket, ByteBuffer data) {
                if (messages.incrementAndGet() <= 2_000) {
                    webSocket.sendBinary(data);
                }
            }
        };
        Load load = new Load(2, 1, 0, List.of(10), false, Duration.ZERO, Duration.ofSeconds(3));
        LoadReport report = report(freezing, load);
        assertEquals(2_000, report.counters().echoedCount());
        assertEquals(2, report.counters().notReturnedCount());
        assertTrue(report.millis(0.99) > 500, report.text());
    }

    @Test
    void itEndsWhenAllConnectionsHaveEnded() throws Exception {
        WebSocketListener closing = new WebSocketListener() {
            @Override
            public void onBinary(WebSocket webSocket, ByteBuffer data) {
                webSocket.close();
            }
        };
        String faults = String.join("\n", faults(closing, AN_HOUR));
        assertTrue(faults.contains("2 connections have ended"), faults);
    }
}
