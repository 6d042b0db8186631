package dev.tenon.ws.conformance.consumer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Runs Maven as a project outside this build does: offline, with a local repository of its own that is filled from a
 * staged one and from the artifacts that this build has downloaded.
 */
final class OfflineMaven {
    private final Path settings;

    /**
     * Writes the settings.
     *
     * @param home where the settings and the local repository go
     * @param staged the repository with artifacts of Tenon
     */
    OfflineMaven(Path home, Path staged) throws IOException {
        settings = Files.writeString(home.resolve("settings.xml"), """
                <settings>
                  <localRepository>%s</localRepository>
                  <profiles>
                    <profile>
                      <id>files</id>
                      <repositories>
                        <repository><id>tenon</id><url>%s</url></repository>
                        <repository><id>downloaded</id><url>%s</url></repository>
                      </repositories>
                      <pluginRepositories>
                        <pluginRepository><id>downloaded</id><url>%3$s</url></pluginRepository>
                      </pluginRepositories>
                    </profile>
                  </profiles>
                  <activeProfiles><activeProfile>files</activeProfile></activeProfiles>
                </settings>
                """.formatted(
                        home.resolve("local"),
                        staged.toUri(),
                        Path.of(property("maven.localRepository")).toUri()));
    }

    /** Runs goals in a project; fails the test with Maven's output unless they succeed. */
    List<String> run(Path project, String... goals) throws Exception {
        return execute(project, command(goals));
    }

    /** Runs goals that must fail, and returns Maven's output; fails the test if they succeed. */
    List<String> fail(Path project, String... goals) throws Exception {
        return execute(1, project, command(goals));
    }

    private String[] command(String... goals) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(property("maven.home"), "bin", "mvn").toString(),
                "--batch-mode",
                "--quiet",
                "--offline",
                "-Daether.offline.protocols=file",
                "--settings",
                settings.toString(),
                "-Dtenon.version=" + property("tenon.version"),
                "-Dcompiler-plugin.version=" + property("compiler-plugin.version"),
                "-Ddependency-plugin.version=" + property("dependency-plugin.version")));
        command.addAll(List.of(goals));
        return command.toArray(String[]::new);
    }

    /** Runs a command; fails the test with the command's output unless it exits with 0. */
    static List<String> execute(Path folder, String... command) throws Exception {
        return execute(0, folder, command);
    }

    private static List<String> execute(int exitCode, Path folder, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", property("java.home"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertEquals(exitCode, process.waitFor(), () -> String.join(" ", command) + "\n" + output);
        return output.lines().toList();
    }

    private static String property(String name) {
        return Objects.requireNonNull(System.getProperty(name), name);
    }
}
