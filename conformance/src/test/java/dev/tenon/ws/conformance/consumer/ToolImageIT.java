package dev.tenon.ws.conformance.consumer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The archive of the tool runs without an installed Java. */
class ToolImageIT {
    private static final Path ROOT = Path.of("..");

    @TempDir
    Path home;

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "release/tool is a shell script")
    void theArchiveEchoesWithoutAJdk() throws Exception {
        OfflineMaven.execute(ROOT, "bash", "release/tool", home.toString());
        Path archive;
        try (Stream<Path> made = Files.list(home)) {
            archive = made.filter(file -> file.toString().endsWith(".tar.gz"))
                    .findFirst()
                    .orElseThrow();
        }
        OfflineMaven.execute(home, "tar", "xzf", archive.toString());
        String ws = home.resolve(archive.getFileName().toString().replace(".tar.gz", ""))
                .resolve("bin/ws")
                .toString();

        Process echo = command(ws, "echo", "--port", "0").start();
        try (BufferedReader output = echo.inputReader(UTF_8)) {
            String uri = output.readLine().replace("listening ", "");
            assertTrue(uri.matches("ws://127.0.0.1:\\d+/ws"), uri);
            Process client = command(ws, "connect", uri).start();
            client.getOutputStream().write("Grüße, im Paket\n".getBytes(UTF_8));
            client.getOutputStream().close();
            String response = new String(client.getInputStream().readAllBytes(), UTF_8);
            String errors = new String(client.getErrorStream().readAllBytes(), UTF_8);
            assertTrue(client.waitFor(60, TimeUnit.SECONDS), errors);
            assertEquals("Grüße, im Paket\n", response, errors);
            assertTrue(errors.contains("permessage-deflate"), "compression is in the archive: " + errors);
        } finally {
            echo.destroy();
        }
    }

    /** Returns a command with neither JAVA_HOME nor a Java on its path. */
    private static ProcessBuilder command(String... words) {
        ProcessBuilder builder = new ProcessBuilder(List.of(words));
        builder.environment().keySet().removeIf(name -> name.startsWith("JAVA"));
        builder.environment().put("PATH", "/nowhere");
        return builder;
    }
}
