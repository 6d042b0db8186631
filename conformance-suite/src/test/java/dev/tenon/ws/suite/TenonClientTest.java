package dev.tenon.ws.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class TenonClientTest {

    @Test
    void everyFastCaseIsOk() throws Exception {
        try (FuzzingServer server = FuzzingServer.listen(
                new InetSocketAddress("127.0.0.1", 0),
                Settings.DEFAULT,
                Selection.FAST,
                Path.of("target", "report-client"),
                (id, verdict, played, all) -> {})) {
            TenonEchoClient.runAll("ws://127.0.0.1:" + server.port(), "Tenon");
            Report report = server.nextReport(10);
            assertNotNull(report);
            assertEquals(List.of(), report.red(), report.summary());
        }
    }
}
