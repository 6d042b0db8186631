package dev.tenon.ws.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.client.WebSocketClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client can do wrong between the cases. */
class FuzzingServerTest {
    @TempDir
    private Path folder;

    private FuzzingServer listen() throws IOException {
        return FuzzingServer.listen(
                new InetSocketAddress("127.0.0.1", 0),
                Settings.DEFAULT,
                Selection.of("1.1.1", "1.1.2"),
                folder,
                (id, verdict, played, all) -> {});
    }

    @Test
    void aCaseThatTheClientHasNotRunIsFailed() throws Exception {
        try (FuzzingServer server = listen()) {
            WebSocketClient client = WebSocketClient.builder().build();
            String uri = "ws://127.0.0.1:" + server.port();
            TenonEchoClient.connectForEach(client::connect, uri + "/run?case=1", new TenonEchoClient.Echo());
            TenonEchoClient.connectForEach(client::connect, uri + "/report", new TenonEchoClient.Echo());
            client.close(Duration.ZERO);
            Report report = server.nextReport(10);
            assertNotNull(report);
            assertEquals(2, report.count(), report.summary());
            List<String> red = report.red();
            assertEquals(1, red.size(), report.summary());
            assertTrue(red.get(0).startsWith("1.1.2 failed: "), red.get(0));
            assertTrue(red.get(0).endsWith("the client has not run this case to its end"), red.get(0));
        }
    }

    @Test
    void aPlainRequestForTheReportDoesNotEndTheRun() throws Exception {
        try (FuzzingServer server = listen();
                Socket browser = new Socket("127.0.0.1", server.port())) {
            browser.getOutputStream().write(Octets.utf8("GET /report HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
            assertEquals(0, browser.getInputStream().readAllBytes().length); // the server closes, after the verdict
            assertNull(server.nextReport(0));
        }
    }
}
