package dev.tenon.ws.conformance.strangers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A script that is asked for help says what it does, and does nothing: some take an hour, or change files. */
class ScriptHelpTest {
    private static final Path ROOT = Path.of(System.getProperty("tenon.root"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "benchmarks/compare",
                "benchmarks/cluster/run",
                "conformance/fuzz",
                "examples/cluster/run",
                "release/build",
                "release/tool",
                "release/version",
                "site/build"
            })
    void helpIsTheCommentOnTopOfTheScript(String script) throws Exception {
        String said = run(0, script, "--help");
        assertTrue(said.lines().findFirst().orElse("").endsWith("."), said);
        assertTrue(said.length() > 80 && !said.contains("set -"), said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"benchmarks/compare", "release/build", "release/tool", "site/build"})
    void anUnknownOptionIsRefused(String script) throws Exception {
        assertTrue(run(2, script, "--nonsense").contains("there is no option --nonsense"));
    }

    @Test
    void anOptionOfAReleaseWithoutItsValueIsRefused() throws Exception {
        assertTrue(run(2, "release/build", "--key").contains("--key needs a value"));
    }

    private static String run(int exitCode, String script, String option) throws Exception {
        Process process = new ProcessBuilder("bash", ROOT.resolve(script).toString(), option)
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(exitCode, process.waitFor(), said);
        return said;
    }
}
