package dev.tenon.ws.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A case that the suite cannot judge is failed, and the others run. */
class PlayerTest {
    @Test
    void anUncheckedExceptionFailsItsCase() throws Exception {
        TestCase testCase =
                Selection.of("1.1.1").of(Side.SERVER, Settings.DEFAULT).get(0);
        Outcome outcome = new Player(Settings.DEFAULT)
                .play(
                        testCase,
                        transcript -> {
                            throw new IllegalStateException("no such rule");
                        },
                        wire -> Opening.CLOSED);
        assertEquals(Verdict.FAILED, outcome.verdict());
        assertEquals("the suite cannot judge this: java.lang.IllegalStateException: no such rule", outcome.reason());
    }

    @Test
    void anEmptyExtensionFailsOnlyTheCasesOfExtensions() throws Exception {
        try (RawServer server = new RawServer(";", RawServer::echo)) {
            List<String> red = server.run(Settings.DEFAULT, "1.1.1", "12.1.1").red();
            assertEquals(2, red.size(), () -> String.join("\n", red));
            assertTrue(red.get(1).endsWith("an extension that was not offered: ;"), red.get(1));
        }
    }
}
