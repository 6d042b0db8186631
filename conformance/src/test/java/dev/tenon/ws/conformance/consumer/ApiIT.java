package dev.tenon.ws.conformance.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The API check between versions, which {@code -Dapi.baseline} turns on: it fails if a method was removed, and for no
 * other reason.
 */
@Tag("once")
class ApiIT {
    private static final Path FRAME = Path.of("..", "ws-frame");
    private static final String EARLIER = "0.0.1";

    @TempDir
    Path home;

    @Test
    void aMethodThatIsGoneFailsTheBuildAndAnAddedOneDoesNot() throws Exception {
        Path plugin = Path.of(
                Objects.requireNonNull(System.getProperty("maven.localRepository")), "com/github/siom79/japicmp");
        assumeTrue(Files.exists(plugin), "only a build with its checks has the plugin: mvn verify without -Dfast");

        StagedRepository.in(home.resolve("published")); // japicmp downloads this version too
        publishEarlier("    public boolean isGoneNow() {\n        return false;\n    }\n\n    ");
        List<String> output = maven("gone").fail(FRAME, check());
        assertTrue(
                output.stream().anyMatch(line -> line.contains("isGoneNow") && line.contains("METHOD_REMOVED")),
                output::toString);

        publishEarlier("    private int onlyFor() {\n        return 0;\n    }\n\n    ");
        maven("same").run(FRAME, check());
    }

    private static String[] check() {
        return new String[] {"-Dapi.baseline=" + EARLIER, "com.github.siom79.japicmp:japicmp-maven-plugin:cmp@api"};
    }

    private OfflineMaven maven(String name) throws IOException {
        return new OfflineMaven(Files.createDirectories(home.resolve(name)), home.resolve("published"));
    }

    /** Publishes an earlier ws-frame, in which {@code Role} has one more method. */
    private void publishEarlier(String method) throws IOException {
        Path folder = Files.createDirectories(home.resolve("published/dev/tenon/ws-frame/" + EARLIER));
        Path sources = home.resolve("sources");
        Path classes = home.resolve("classes");
        List<String> command =
                new ArrayList<>(List.of("-nowarn", "--release", "17", "-cp", jspecify(), "-d", classes.toString()));
        Path main = FRAME.resolve("src/main/java");
        try (Stream<Path> files = Files.walk(main)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                if (file.endsWith("module-info.java")) {
                    continue; // japicmp compares classes, so it needs no module descriptor here
                }
                Path copy = sources.resolve(main.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                String text = Files.readString(file);
                Files.writeString(copy, file.endsWith("Role.java") ? withMethod(text, method) : text);
                command.add(copy.toString());
            }
        }
        run("javac", command);
        String name = "ws-frame-" + EARLIER;
        run(
                "jar",
                List.of("--create", "--file", folder.resolve(name + ".jar").toString(), "-C", classes.toString(), "."));
        Files.writeString(folder.resolve(name + ".pom"), """
            <project><modelVersion>4.0.0</modelVersion><groupId>dev.tenon</groupId><artifactId>ws-frame</artifactId>
            <version>%s</version></project>
            """.formatted(EARLIER));
    }

    /** Returns the source of a class with one more method at its end. */
    private static String withMethod(String text, String method) {
        int end = text.lastIndexOf('}');
        return text.substring(0, end) + method + text.substring(end);
    }

    private static String jspecify() {
        return Path.of(java.net.URI.create(NullMarked.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toString()))
                .toString();
    }

    private static void run(String tool, List<String> arguments) {
        int exitCode = ToolProvider.findFirst(tool)
                .orElseThrow()
                .run(System.out, System.err, arguments.toArray(String[]::new));
        assertEquals(0, exitCode, tool);
    }
}
