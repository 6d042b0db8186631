package dev.tenon.ws.conformance.consumer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Maven repository with all published modules: the one that {@code release/build} has staged and names by
 * {@code -Drelease.repository}, else one that is laid out from what this build has packaged, which has POMs and jars alone.
 *
 * @param folder the repository
 * @param isComplete whether it was staged: it has sources, Javadoc and checksums too
 */
record StagedRepository(Path folder, boolean isComplete) {
    private static final String VERSION = Objects.requireNonNull(System.getProperty("tenon.version"));
    /** The version of Java from which on ws-transport-linux is built. */
    private static final int LINUX_NEEDS = 22;

    private static final Pattern MANAGED = Pattern.compile("<artifactId>(ws-[a-z-]+)</artifactId><version>");

    /** The staged repository, or one that is laid out in a folder. */
    static StagedRepository in(Path folder) throws IOException {
        String staged = System.getProperty("release.repository");
        if (staged != null) {
            return new StagedRepository(Path.of(staged), true);
        }
        publish(folder, "ws-bom", Path.of("..", "bom"));
        for (String module : modules()) {
            publish(folder, module, Path.of("..", module));
        }
        return new StagedRepository(folder, false);
    }

    /** The modules that the BOM manages, without those that this JDK cannot build. */
    static List<String> modules() throws IOException {
        return MANAGED.matcher(Files.readString(Path.of("..", "bom", "pom.xml")))
                .results()
                .map(found -> found.group(1))
                .filter(module -> Runtime.version().feature() >= LINUX_NEEDS || !module.equals("ws-transport-linux"))
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

    /** The names of all artifacts in it. */
    List<String> artifacts() throws IOException {
        try (Stream<Path> folders = Files.list(folder.resolve("dev/tenon"))) {
            return folders.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    /** A file of an artifact, by what follows name and version: {@code .pom}, {@code -sources.jar}. */
    Path file(String artifact, String suffix) {
        return folder.resolve("dev/tenon")
                .resolve(artifact)
                .resolve(VERSION)
                .resolve(artifact + "-" + VERSION + suffix);
    }
}
