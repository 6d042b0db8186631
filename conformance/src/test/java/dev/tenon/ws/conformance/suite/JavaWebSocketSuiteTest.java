package dev.tenon.ws.conformance.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.suite.FuzzingClient;
import dev.tenon.ws.suite.Report;
import dev.tenon.ws.suite.Selection;
import dev.tenon.ws.suite.Settings;
import dev.tenon.ws.suite.Verdict;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.java_websocket.WebSocket;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class JavaWebSocketSuiteTest {
    private static final Settings SHORT_TIMEOUTS =
            Settings.DEFAULT.withTimeouts(Duration.ofMillis(300), Duration.ofSeconds(3));

    @Test
    void itIsOkWhereItShouldBeAndItsDeviationsAreFound() throws Exception {
        Echo server = new Echo();
        server.start();
        try {
            assertTrue(server.started.await(10, TimeUnit.SECONDS));
            FuzzingClient client =
                    new FuzzingClient(URI.create("ws://127.0.0.1:" + server.getPort() + "/"), SHORT_TIMEOUTS);
            assertEquals(List.of(), red(client, "1.1", "2.1", "2.2", "5.1", "6.2", "7.7"));
            Report report = client.run(Selection.of("6.9", "15.1", "16.1"), "Java-WebSocket", (id, v, n, all) -> {});
            report.write(Path.of("target", "report-java-websocket"));
            assertTrue(report.count(Verdict.FAILED) > 0, report.summary());
            assertTrue(report.count(Verdict.NON_STRICT) > 0, report.summary());
        } finally {
            server.stop(1000);
        }
    }

    /**
     * Returns the red cases that remain: under load this server sometimes ends a connection before it has sent its
     * Close frame.
     */
    private static List<String> red(FuzzingClient client, String... chosen) throws Exception {
        List<String> red = List.of(chosen);
        for (int tries = 0; tries < 4 && !red.isEmpty(); tries++) {
            String[] ids = red.stream().map(each -> each.split(" ", 2)[0]).toArray(String[]::new);
            red = client.run(Selection.of(ids), "x", (id, v, n, all) -> {}).red();
        }
        return red;
    }

    private static final class Echo extends WebSocketServer {
        final CountDownLatch started = new CountDownLatch(1);

        Echo() {
            super(new InetSocketAddress("127.0.0.1", 0), 1);
        }

        @Override
        public void onOpen(WebSocket socket, ClientHandshake handshake) {}

        @Override
        public void onMessage(WebSocket socket, String text) {
            socket.send(text);
        }

        @Override
        public void onMessage(WebSocket socket, ByteBuffer data) {
            socket.send(data);
        }

        @Override
        public void onClose(WebSocket socket, int code, String reason, boolean remote) {}

        @Override
        public void onError(@Nullable WebSocket socket, Exception e) {}

        @Override
        public void onStart() {
            started.countDown();
        }
    }
}
