package dev.tenon.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.Frame;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Stops in the ways that an orchestrator needs. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ShutdownTest {
    private static final ShutdownOptions SLOW = ShutdownOptions.within(Duration.ofHours(3));

    private static WebSocketServer server() throws IOException {
        return WebSocketServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .extensions(Extensions.none())
                .loops(2)
                .route("/ws", upgrade -> upgrade.accept(new Echo()))
                .readiness("/ready")
                .start();
    }

    private static RawClient joined(WebSocketServer server) throws IOException {
        RawClient client = new RawClient(server);
        client.send(RawClient.upgrade("/ws", ""));
        assertTrue(client.head().startsWith("HTTP/1.1 101 "));
        return client;
    }

    private static String ready(WebSocketServer server) throws IOException {
        try (RawClient client = new RawClient(server)) {
            client.send("GET /ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            return client.rest().substring(0, 12);
        }
    }

    private static Thread stop(WebSocketServer server, ShutdownOptions options) {
        Thread thread = new Thread(() -> server.stop(options));
        thread.start();
        while (server.isReady()) {
            Thread.onSpinWait();
        }
        return thread;
    }

    private static void echoes(RawClient client) throws IOException {
        client.send(Frame.text("still here"));
        assertEquals(Frame.text("still here"), client.frame());
    }

    private static Frame close(CloseCode code, String reason) {
        return Frame.close(new ClosePayload(code, reason));
    }

    @Test
    void duringTheNoticeAServerIsNotReadyAndStillAccepts() throws Exception {
        try (WebSocketServer server = server()) {
            assertTrue(server.isReady());
            assertEquals("HTTP/1.1 200", ready(server));
            try (RawClient before = joined(server)) {
                Thread stopping = stop(
                        server,
                        SLOW.withNotice(Duration.ofHours(2)).withClose(CloseCode.SERVICE_RESTART, "new version"));
                assertFalse(server.isReady());
                assertEquals("HTTP/1.1 503", ready(server));
                try (RawClient late = joined(server)) {
                    echoes(late);
                    echoes(before);
                    server.stop(Duration.ofSeconds(5)); // a second stop ends the notice period
                    for (RawClient client : List.of(late, before)) {
                        ClosePayload received =
                                ClosePayload.decode(client.frame().payload());
                        assertTrue(
                                received.equals(new ClosePayload(CloseCode.SERVICE_RESTART, "new version"))
                                        || received.equals(new ClosePayload(CloseCode.GOING_AWAY, "")),
                                received.toString());
                    }
                    stopping.join();
                }
            }
        }
    }

    @Test
    void closeFramesHaveTheChosenCodeAndReason() throws Exception {
        try (WebSocketServer server = server();
                RawClient client = joined(server)) {
            Thread stopping = stop(
                    server,
                    ShutdownOptions.within(Duration.ofSeconds(30)).withClose(CloseCode.SERVICE_RESTART, "new version"));
            Frame closed = client.frame();
            assertEquals(close(CloseCode.SERVICE_RESTART, "new version"), closed);
            client.send(closed);
            assertEquals(-1, client.in.read());
            stopping.join();
        }
    }

    @Test
    void closesAreSpreadOverTime() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try (WebSocketServer server = server()) {
            for (int i = 0; i < 40; i++) {
                clients.add(joined(server));
            }
            Thread stopping = stop(server, SLOW.withSpread(Duration.ofSeconds(200))); // one in five seconds
            assertThrows(IOException.class, () -> {
                while (true) { // until the listener is closed
                    new RawClient(server).close();
                }
            });
            int closed = 0;
            long end = System.nanoTime() + 60_000_000_000L;
            while (closed == 0 && System.nanoTime() < end) {
                closed = closed(clients);
            }
            assertTrue(closed > 0, "the first is closed");
            assertTrue(clients.size() > 20, "most are not");
            echoes(clients.get(0));
            server.stop(Duration.ofSeconds(5));
            stopping.join();
            for (RawClient client : clients) {
                assertEquals(close(CloseCode.GOING_AWAY, ""), client.frame());
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    /** Removes the clients that have received a Close frame, and returns their number. */
    private static int closed(List<RawClient> clients) throws IOException {
        int closed = 0;
        for (RawClient client : List.copyOf(clients)) {
            client.socket.setSoTimeout(1);
            try {
                assertEquals(close(CloseCode.GOING_AWAY, ""), client.frame());
                clients.remove(client);
                client.close();
                closed++;
            } catch (SocketTimeoutException open) {
                client.socket.setSoTimeout(10_000);
            }
        }
        return closed;
    }

    @Test
    void aClientThatDoesNotRespondIsAbortedAtTheDeadline() throws Exception {
        try (WebSocketServer server = server();
                RawClient silent = joined(server)) {
            server.stop(ShutdownOptions.within(Duration.ofSeconds(2))
                    .withNotice(Duration.ofMillis(500))
                    .withSpread(Duration.ofMillis(500)));
            assertEquals(0, server.connections());
            assertEquals(close(CloseCode.GOING_AWAY, ""), silent.frame());
        }
    }

    @Test
    void optionsThatLeaveNoTimeAreRefusedAtOnce() {
        ShutdownOptions options = ShutdownOptions.within(Duration.ofSeconds(10));
        assertThrows(IllegalArgumentException.class, () -> options.withNotice(Duration.ofSeconds(10)));
        assertThrows(
                IllegalArgumentException.class,
                () -> options.withNotice(Duration.ofSeconds(5)).withSpread(Duration.ofSeconds(5)));
        assertThrows(IllegalArgumentException.class, () -> options.withSpread(Duration.ofSeconds(-1)));
        assertThrows(IllegalArgumentException.class, () -> ShutdownOptions.within(Duration.ofSeconds(-1)));
        assertThrows(IllegalArgumentException.class, () -> options.withClose(CloseCode.ABNORMAL_CLOSURE, ""));
        assertThrows(IllegalArgumentException.class, () -> options.withClose(CloseCode.GOING_AWAY, "r".repeat(124)));
    }
}
