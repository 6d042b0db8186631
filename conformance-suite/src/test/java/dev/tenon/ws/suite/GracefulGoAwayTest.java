package dev.tenon.ws.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After a GOAWAY without an error the open streams go on (RFC 9113 §6.8). */
class GracefulGoAwayTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    @Test
    void aClientThatOpensNoMoreStreamsReceivesMoreThanItsFirstWindow(@TempDir Path folder) throws Exception {
        try (FuzzingServer server = FuzzingServer.listen(
                Carrier.HTTP_2,
                null,
                new InetSocketAddress("127.0.0.1", 0),
                Settings.DEFAULT,
                Selection.of("9.1.1"),
                folder,
                (id, verdict, played, all) -> {})) {
            connect(server.port(), "/run?agent=leaving&case=1");
            connect(server.port(), "/report?agent=leaving");
            Report report = server.nextReport(10);
            assertNotNull(report);
            assertEquals(1, report.count(Verdict.OK), () -> String.join("\n", report.red()));
        }
    }

    /** Opens a stream, ends the connection for others, and echoes. */
    private static void connect(int port, String path) throws IOException, InterruptedException {
        PeerSocket socket = new PeerSocket(new Socket("127.0.0.1", port), LONG);
        try (Http2Connection connection = new Http2Connection(socket, Side.SERVER, LONG, 65_535)) {
            Http2Stream stream = connection.newStream();
            stream.open(StreamHandshake.request(URI.create("ws://127.0.0.1:" + port + path), ""), false);
            connection.send(new Http2Frame(Http2Frame.GOAWAY, 0, 0, new byte[8]));
            Wire wire = new Wire(stream, Side.SERVER, new Transcript());
            wire.readHead(LONG);
            RawServer.echo(wire);
            wire.next(LONG); // the end of the stream
        }
    }
}
