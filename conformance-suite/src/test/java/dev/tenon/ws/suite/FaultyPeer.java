package dev.tenon.ws.suite;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.extension.Extensions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** Plays cases against Tenon behind a {@link FaultyProxy}, in either role. */
final class FaultyPeer {
    private FaultyPeer() {}

    static Report play(Side side, Settings settings, Fault.Change change, Selection selection) throws Exception {
        return side == Side.SERVER ? server(settings, change, selection) : client(settings, change, selection);
    }

    private static Report server(Settings settings, Fault.Change change, Selection selection) throws Exception {
        try (TenonEcho echo = new TenonEcho(Extensions.load());
                FaultyProxy proxy = new FaultyProxy(echo.port(), Side.SERVER, change)) {
            return new FuzzingClient(URI.create("ws://127.0.0.1:" + proxy.port() + "/"), settings)
                    .run(selection, "Tenon with a fault", (id, verdict, played, all) -> {});
        }
    }

    private static Report client(Settings settings, Fault.Change change, Selection selection) throws Exception {
        try (FuzzingServer server = FuzzingServer.listen(
                new InetSocketAddress("127.0.0.1", 0),
                settings,
                selection,
                Path.of("target", "report-faults"),
                (id, verdict, played, all) -> {})) {
            try (FaultyProxy proxy = new FaultyProxy(server.port(), Side.CLIENT, change)) {
                exchange(
                        proxy.port(),
                        server.port(),
                        selection.of(Side.CLIENT, settings).size());
            }
            Report report = server.nextReport(10);
            assertNotNull(report);
            return report;
        }
    }

    private static void exchange(int faulty, int sound, int cases) throws IOException {
        WebSocketClient client = WebSocketClient.builder()
                .options(TenonEcho.OPTIONS.withCloseTimeout(Duration.ofMillis(500)))
                .build();
        try {
            for (int number = 1; number <= cases; number++) {
                String uri = "ws://127.0.0.1:" + faulty + "/run?agent=x&case=" + number;
                TenonEchoClient.connectForEach(client::connect, uri, new TenonEchoClient.Echo());
            }
            TenonEchoClient.connectForEach(
                    client::connect, "ws://127.0.0.1:" + sound + "/report?agent=x", new TenonEchoClient.Echo());
        } finally {
            client.close(Duration.ZERO); // a failed connection is not waited for
        }
    }
}
