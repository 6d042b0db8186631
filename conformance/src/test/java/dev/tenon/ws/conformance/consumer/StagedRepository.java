package dev.tenon.ws.conformance.consumer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Maven repository with all published modules: the one that {@code release/build} has staged and names by {@code
 * -Drelease.repository}. Without that property the test makes one from the packaged modules of this build, with POMs
 * and jars only.
 *
 * @param folder the repository
 * @param isComplete whether it was staged: it has sources, Javadoc and checksums too
 */
record StagedRepository(Path folder, boolean isComplete) {
    private static final String VERSION = Objects.requireNonNull(System.getProperty("tenon.version"));
    /** The lowest version of Java that builds ws-transport-linux. */
    private static final int LINUX_NEEDS = 22;

    private static final Pattern MANAGED = Pattern.compile("<artifactId>(ws-[a-z-]+)</artifactId><version>");

    /** Returns the staged repository, or makes one in a folder. */
    static StagedRepository in(Path folder) throws IOException {
        String staged = System.getProperty("release.repository");
        if (staged != null) {
            return new StagedRepository(Path.of(staged), true);
        }
        publish(folder, "ws-bom", Path.of("..", "bom"));
        for (String module : modules(false)) {
            publish(folder, module, Path.of("..", module));
        }
        return new StagedRepository(folder, false);
    }

    /** Returns the modules that the BOM manages; without those that this JDK cannot build, unless a release was staged. */
    List<String> modules() throws IOException {
        return modules(isComplete);
    }

    private static List<String> modules(boolean all) throws IOException {
        return MANAGED.matcher(Files.readString(Path.of("..", "bom", "pom.xml")))
                .results()
                .map(found -> found.group(1))
                .filter(module ->
                        all || Runtime.version().feature() >= LINUX_NEEDS || !module.equals("ws-transport-linux"))
                .toList();
    }

    private static void publish(Path repository, String artifact, Path module) throws IOException {
        String name = artifact + "-" + VERSION;
        Path target = Files.createDirectories(
                repository.resolve("dev/tenon").resolve(artifact).resolve(VERSION));
        Files.copy(module.resolve(".flattened-pom.xml"), target.resolve(name + ".pom"));
        Path jar = module.resolve("target").resolve(name + ".jar");
        if (Files.exists(jar)) {
            Files.copy(jar, target.resolve(name + ".jar"));
        }
    }

    /** Returns the names of all artifacts in the repository. */
    List<String> artifacts() throws IOException {
        try (Stream<Path> folders = Files.list(folder.resolve("dev/tenon"))) {
            return folders.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    /** Returns a file of an artifact. The suffix follows the name and version: {@code .pom}, {@code -sources.jar}. */
    Path file(String artifact, String suffix) {
        return folder.resolve("dev/tenon")
                .resolve(artifact)
                .resolve(VERSION)
                .resolve(artifact + "-" + VERSION + suffix);
    }
}
