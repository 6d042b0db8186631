package dev.tenon.ws.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.extension.Extensions;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A peer may refuse messages that are longer than the limit that it has declared. */
class DeclaredLimitTest {
    private static final int LIMIT = 64 << 10;

    private static List<Verdict> play(Settings settings) throws Exception {
        ConnectionOptions options = TenonEcho.OPTIONS.withMaxMessageLength(LIMIT);
        try (TenonEcho echo = new TenonEcho(options, Extensions.none(), TenonEcho.Echo::new)) {
            Report report = new FuzzingClient(URI.create(echo.url()), settings)
                    .run(Selection.of("7.1.6", "9.1.1", "9.1.2"), "Tenon", (id, verdict, played, all) -> {});
            return report.outcomes().stream().map(Outcome::verdict).toList();
        }
    }

    @Test
    void aLongerMessageMayBeRefused() throws Exception {
        assertEquals(
                List.of(Verdict.INFORMATIONAL, Verdict.OK, Verdict.INFORMATIONAL),
                play(Settings.DEFAULT.withDeclared(LIMIT, 0)));
    }

    @Test
    void withoutADeclarationItMayNot() throws Exception {
        assertEquals(List.of(Verdict.FAILED, Verdict.OK, Verdict.FAILED), play(Settings.DEFAULT));
    }
}
