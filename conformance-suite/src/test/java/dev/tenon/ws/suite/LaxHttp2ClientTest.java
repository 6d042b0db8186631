package dev.tenon.ws.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A client of HTTP/2 that takes every response, and asks as clients of HTTP/1.1 do, fails the cases about that. */
@Tag("once")
class LaxHttp2ClientTest {
    private static final Settings SHORT_TIMEOUTS =
            Settings.DEFAULT.withTimeouts(Duration.ofMillis(50), Duration.ofSeconds(2));

    @Test
    void aClientThatAcceptsEveryResponseIsDetected() throws Exception {
        List<String> red = play(true, "22.2", "22.3", "22.4", "21.1.3", "21.5.1");
        List<String> taken = red.stream()
                .filter(line -> line.contains("the client takes it, and sends"))
                .toList();
        assertEquals(23, taken.size(), () -> String.join("\n", red));
        assertTrue(red.stream().anyMatch(line -> line.startsWith("21.1.3 failed: ")), () -> String.join("\n", red));
        assertTrue(red.stream().anyMatch(line -> line.startsWith("21.5.1 failed: ")), () -> String.join("\n", red));
    }

    @Test
    void aRequestWithFieldsOfHttp1IsDetected() throws Exception {
        List<String> red = play(false, "1.1.1", "22.1.1", "21.1.1");
        assertEquals(3, red.size());
        red.forEach(line -> assertTrue(line.contains("the request has upgrade, which HTTP/2 forbids"), line));
    }

    private static List<String> play(boolean valid, String... cases) throws Exception {
        Selection selection = Selection.of(cases);
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (FuzzingServer server = FuzzingServer.listen(
                Carrier.HTTP_2,
                null,
                address,
                SHORT_TIMEOUTS,
                selection,
                Path.of("target", "report-lax"),
                (id, v, n, all) -> {})) {
            String uri = "ws://localhost:" + server.port();
            int count =
                    selection.of(Side.CLIENT, Carrier.HTTP_2, SHORT_TIMEOUTS).size();
            for (int number = 1; number <= count; number++) {
                connect(server.port(), URI.create(uri + "/run?agent=lax&case=" + number), valid);
            }
            connect(server.port(), URI.create(uri + "/report?agent=lax"), true);
            Report report = server.nextReport(10);
            return report == null ? List.of() : report.red();
        }
    }

    /** Opens a stream, and sends a message whatever the response is. */
    private static void connect(int port, URI uri, boolean valid) throws IOException, InterruptedException {
        Duration timeout = Duration.ofSeconds(10);
        PeerSocket socket = new PeerSocket(new Socket(InetAddress.getLoopbackAddress(), port), timeout);
        try (Http2Connection connection = new Http2Connection(socket, Side.SERVER, timeout, 65_535)) {
            Http2Stream stream = connection.newStream();
            List<Field> request = StreamHandshake.request(uri, "");
            stream.open(valid ? request : StreamRequestCases.with(request, "upgrade", "websocket"), false);
            StreamLink.Event event = stream.next(Duration.ofSeconds(10));
            if (event instanceof StreamLink.Event.Headers) {
                stream.write(WireFrame.text("Hello").encode(true, 1));
            }
            Duration rest = Duration.ofSeconds(10); // the suite has its verdict before
            for (; event != null && !(event instanceof StreamLink.Event.Reset); event = stream.next(rest)) {
                if (event instanceof StreamLink.Event.Over) {
                    return;
                }
            }
        }
    }
}
