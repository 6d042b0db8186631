package dev.tenon.ws.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class TenonServerTest {

    @Test
    void everyFastCaseIsOk() throws Exception {
        try (TenonEcho echo = new TenonEcho()) {
            Report report = new FuzzingClient(URI.create(echo.url()), Settings.DEFAULT)
                    .run(Selection.FAST, "Tenon", (id, verdict, played, all) -> {});
            report.write(Path.of("target", "report-server"));
            assertEquals(List.of(), report.red(), report.summary());
        }
    }
}
