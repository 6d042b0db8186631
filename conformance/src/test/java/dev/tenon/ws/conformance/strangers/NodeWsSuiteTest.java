package dev.tenon.ws.conformance.strangers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.suite.FuzzingClient;
import dev.tenon.ws.suite.Report;
import dev.tenon.ws.suite.Selection;
import dev.tenon.ws.suite.Settings;
import dev.tenon.ws.suite.Verdict;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The conformance suite against Node's ws: correct behaviour is ok, and deviations are found. */
class NodeWsSuiteTest {
    private static final Settings SHORT_TIMEOUTS =
            Settings.DEFAULT.withTimeouts(Duration.ofMillis(300), Duration.ofSeconds(3));

    @Test
    void itIsOkWhereItShouldBeAndItsDeviationsAreFound() throws Exception {
        try (NodeWs node = new NodeWs()) {
            FuzzingClient client =
                    new FuzzingClient(URI.create(node.url("{\"perMessageDeflate\":true}")), SHORT_TIMEOUTS);
            Report good = play(client, "1.1", "2.1", "2.2", "3.1", "5.1", "5.4", "7.3", "14.1.1");
            assertEquals(List.of(), good.red(), good.summary());
            assertEquals(good.count(), good.count(Verdict.OK), good.summary());
            Report lengths = play(client, "16.1");
            assertTrue(lengths.count(Verdict.FAILED) > 0, "takes lengths that are not minimal: " + lengths.summary());
            Report late = play(client, "6.8.1", "17.7.1");
            assertEquals(
                    2, late.count(Verdict.NON_STRICT), "UTF-8 at the end, and 400 for an invalid offer: " + late.red());
        }
    }

    private static Report play(FuzzingClient client, String... ids) throws Exception {
        return client.run(Selection.of(ids), "ws", (id, verdict, played, all) -> {});
    }
}
