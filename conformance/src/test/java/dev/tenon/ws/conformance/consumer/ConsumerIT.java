package dev.tenon.ws.conformance.consumer;

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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Builds projects outside this build: one imports the BOM and uses ws-frame alone, another is a server with a client.
 *
 * <p>They are built offline, with a local repository of their own. It is filled from the staged modules, and from the
 * artifacts that this build has downloaded, except those of Tenon. So no artifact of Tenon gets into the user's
 * repository, or comes from there.
 */
@Tag("once")
class ConsumerIT {

    private static final String VERSION = property("tenon.version");

    @TempDir
    Path home;

    @Test
    void aConsumerOfOneModuleCompilesRunsAndLinks() throws Exception {
        Path project = build("consumer");
        Path dependencies = project.resolve("target/dependency");
        assertEquals(Set.of("ws-frame-" + VERSION + ".jar"), names(dependencies));

        String modulePath = project.resolve("target/classes") + File.pathSeparator + dependencies;
        String main = "dev.tenon.consumer/dev.tenon.consumer.Main";
        String decoded = "Hello true";
        assertEquals(List.of(decoded), OfflineMaven.execute(home, jdk("java"), "-p", modulePath, "-m", main));

        Path image = home.resolve("image");
        OfflineMaven.execute(
                home,
                jdk("jlink"),
                "-p",
                modulePath,
                "--add-modules",
                "dev.tenon.consumer",
                "--output",
                image.toString());
        String java = image.resolve("bin/java").toString();
        assertEquals(
                Set.of("java.base", "dev.tenon.ws.frame", "dev.tenon.consumer"),
                OfflineMaven.execute(home, java, "--list-modules").stream()
                        .map(line -> line.replaceFirst("@.*", ""))
                        .collect(Collectors.toSet()));
        assertEquals(List.of(decoded), OfflineMaven.execute(home, java, "-m", main));
    }

    @Test
    void aServerAndItsClientSpeakCompressedOnBothPaths() throws Exception {
        Path project = build("consumer-echo");
        Path dependencies = project.resolve("target/dependency");
        assertEquals(
                Stream.of(
                                "frame",
                                "extension-spi",
                                "permessage-deflate",
                                "handshake",
                                "connection",
                                "transport",
                                "server",
                                "client")
                        .map(name -> "ws-" + name + "-" + VERSION + ".jar")
                        .collect(Collectors.toSet()),
                names(dependencies));
        List<String> echoed = List.of("Grüße permessage-deflate");
        String classes = project.resolve("target/classes").toString();
        String main = "dev.tenon.echo.Main";
        String encoding = "-Dfile.encoding=UTF-8";
        String output = "-Dstdout.encoding=UTF-8";
        String classPath = classes + File.pathSeparator + dependencies.resolve("*");
        assertEquals(echoed, OfflineMaven.execute(home, jdk("java"), encoding, output, "-cp", classPath, main));
        String modulePath = classes + File.pathSeparator + dependencies;
        assertEquals(
                echoed,
                OfflineMaven.execute(
                        home,
                        jdk("java"),
                        encoding,
                        output,
                        "-p",
                        modulePath,
                        "--add-modules",
                        "dev.tenon.ws.deflate",
                        "-m",
                        "dev.tenon.echo/" + main));
    }

    /** Builds a copy of a project of {@code src}, outside the folder of this build. */
    private Path build(String name) throws Exception {
        Path project = home.resolve("project");
        copy(Path.of("src", name), project);
        OfflineMaven maven = new OfflineMaven(
                home, StagedRepository.in(home.resolve("published")).folder());
        maven.run(project, "compiler:compile", "dependency:copy-dependencies");
        return project;
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

    private static String jdk(String tool) {
        return Path.of(property("java.home"), "bin", tool).toString();
    }

    private static String property(String name) {
        return Objects.requireNonNull(System.getProperty(name), name);
    }
}
