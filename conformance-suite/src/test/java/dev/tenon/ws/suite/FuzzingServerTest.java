package dev.tenon.ws.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.keys.TestKey;
import dev.tenon.ws.client.WebSocketClient;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client can do wrong between the cases. */
class FuzzingServerTest {
    @TempDir
    private Path folder;

    private FuzzingServer listen(String... cases) throws IOException {
        return FuzzingServer.listen(
                new InetSocketAddress("127.0.0.1", 0),
                Settings.DEFAULT,
                Selection.of(cases),
                folder,
                (id, verdict, played, all) -> {});
    }

    @Test
    void aCaseThatTheClientHasNotRunIsFailed() throws Exception {
        try (FuzzingServer server = listen("1.1.1", "1.1.2")) {
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
        try (FuzzingServer server = listen("1.1.1", "1.1.2");
                Socket browser = new Socket("127.0.0.1", server.port())) {
            browser.getOutputStream().write(Octets.utf8("GET /report HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
            assertEquals(0, browser.getInputStream().readAllBytes().length); // the server closes, after the verdict
            assertNull(server.nextReport(0));
        }
    }

    /** A client that accepts the response has sent a part of its frame. */
    @Test
    void anEndWithinAFrameIsNoRefusal() throws Exception {
        try (FuzzingServer server = listen("18.3.6");
                Socket client = new Socket("127.0.0.1", server.port())) {
            URI uri = URI.create("ws://127.0.0.1:" + server.port() + "/run?case=1");
            client.getOutputStream().write(Octets.utf8(Handshake.request(uri, Handshake.key(), "")));
            assertEquals('H', client.getInputStream().read());
            client.getOutputStream().write(Octets.hex("81"));
            client.shutdownOutput();
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
            WebSocketClient other = WebSocketClient.builder().build();
            String report = "ws://127.0.0.1:" + server.port() + "/report";
            TenonEchoClient.connectForEach(other::connect, report, new TenonEchoClient.Echo());
            other.close(Duration.ZERO);
            List<String> red = Objects.requireNonNull(server.nextReport(10)).red();
            assertEquals(1, red.size());
            assertTrue(red.get(0).endsWith("the peer has ended the connection within a frame"), red.get(0));
        }
    }

    @Test
    void casesAreOkWithTls() throws Exception {
        TestKey key = TestKey.make(folder, "localhost");
        WebSocketClient client =
                WebSocketClient.builder().tls(TestKey.withoutKey(key)).build();
        try {
            Selection some = Selection.of("1.1", "2.1", "7.1", "9.1.1");
            Report report =
                    TenonEchoClient.play(Carrier.HTTP_1_1, key.trusting(), Settings.DEFAULT, some, client::connect);
            assertEquals(report.count(), report.count(Verdict.OK), report.summary());
        } finally {
            client.close(Duration.ZERO);
        }
    }
}
