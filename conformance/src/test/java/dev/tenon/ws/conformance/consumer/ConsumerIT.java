package dev.tenon.ws.conformance.consumer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A project outside this build imports the BOM and takes ws-frame alone.
 *
 * <p>It is built offline, with a local repository of its own that is filled from two others: the packaged modules, and
 * what this build has downloaded already. So nothing of Tenon gets into the user's repository.
 */
class ConsumerIT {

    private static final String VERSION = property("tenon.version");

    @TempDir
    Path home;

    @Test
    void aConsumerOfOneModuleCompilesRunsAndLinks() throws Exception {
        publish("ws-bom", "bom");
        publish("ws-frame", "ws-frame");
        Path project = home.resolve("project");
        copy(Path.of("src", "consumer"), project);
        maven(project);

        Path dependencies = project.resolve("target/dependency");
        assertEquals(Set.of("ws-frame-" + VERSION + ".jar"), names(dependencies));

        String modulePath = project.resolve("target/classes") + File.pathSeparator + dependencies;
        String main = "dev.tenon.consumer/dev.tenon.consumer.Main";
        String decoded = "Hello true";
        assertEquals(List.of(decoded), run(home, jdk("java"), "-p", modulePath, "-m", main));

        Path image = home.resolve("image");
        run(home, jdk("jlink"), "-p", modulePath, "--add-modules", "dev.tenon.consumer", "--output", image.toString());
        String java = image.resolve("bin/java").toString();
        assertEquals(
                Set.of("java.base", "dev.tenon.ws.frame", "dev.tenon.consumer"),
                run(home, java, "--list-modules").stream()
                        .map(line -> line.replaceFirst("@.*", ""))
                        .collect(Collectors.toSet()));
        assertEquals(List.of(decoded), run(home, java, "-m", main));
    }

    private void maven(Path project) throws Exception {
        Path settings = Files.writeString(home.resolve("settings.xml"), """
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
                        home.resolve("published").toUri(),
                        Path.of(property("maven.localRepository")).toUri()));
        run(
                project,
                Path.of(property("maven.home"), "bin", "mvn").toString(),
                "--batch-mode",
                "--quiet",
                "--offline",
                "-Daether.offline.protocols=file",
                "--settings",
                settings.toString(),
                "-Dtenon.version=" + VERSION,
                "-Dcompiler-plugin.version=" + property("compiler-plugin.version"),
                "-Ddependency-plugin.version=" + property("dependency-plugin.version"),
                "compiler:compile",
                "dependency:copy-dependencies");
    }

    /** Lays out a packaged module as a repository has it. */
    private void publish(String artifact, String folder) throws IOException {
        Path module = Path.of("..", folder);
        String name = artifact + "-" + VERSION;
        Path target = Files.createDirectories(
                home.resolve("published").resolve("dev/tenon").resolve(artifact).resolve(VERSION));
        Files.copy(module.resolve(".flattened-pom.xml"), target.resolve(name + ".pom"));
        Path jar = module.resolve("target").resolve(name + ".jar");
        if (Files.exists(jar)) {
            Files.copy(jar, target.resolve(name + ".jar"));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static Set<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    private static List<String> run(Path folder, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", property("java.home"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertEquals(0, process.waitFor(), () -> String.join(" ", command) + "\n" + output);
        return output.lines().toList();
    }

    private static String jdk(String tool) {
        return Path.of(property("java.home"), "bin", tool).toString();
    }

    private static String property(String name) {
        return Objects.requireNonNull(System.getProperty(name), name);
    }
}
