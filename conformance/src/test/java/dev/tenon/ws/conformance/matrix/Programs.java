package dev.tenon.ws.conformance.matrix;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tenon.ws.conformance.peers.Program;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Starts peers outside the JVM. */
final class Programs {
    private static final Path MODULES = Path.of("src", "node", "node_modules");
    private static final String SCRIPT = "src/node/matrix-peer.mjs";

    private Programs() {}

    static ProcessEcho.Command node(String implementation, String needed) {
        return () -> {
            String node = Program.installed("node");
            module(needed, "package.json");
            return List.of(node, SCRIPT, implementation);
        };
    }

    static ProcessEcho.Command deno() {
        return () -> List.of(binary("@deno", "deno"), "run", "--allow-all", "--no-lock", "--quiet", SCRIPT, "deno");
    }

    static ProcessEcho.Command bun(String implementation) {
        return () -> List.of(binary("@oven", "bin/bun"), SCRIPT, implementation);
    }

    private static Path module(String name, String file) {
        Path path = MODULES.resolve(name).resolve(file);
        assumeTrue(
                Files.exists(path),
                name
                        + " is not here: not tested with it; get it with \"npm ci --ignore-scripts\" in conformance/src/node");
        return path;
    }

    /** Returns a program of the package for this platform; the scope has one such package. */
    private static String binary(String scope, String file) throws IOException {
        module(scope, "");
        try (Stream<Path> platforms = Files.list(MODULES.resolve(scope))) {
            return platforms
                    .map(platform -> platform.resolve(file))
                    .filter(Files::isExecutable)
                    .findAny()
                    .orElseThrow()
                    .toAbsolutePath()
                    .toString();
        }
    }

    /** Returns the system's Python, which has Debian's packages. */
    static ProcessEcho.Command python(String implementation, String... modules) {
        return () -> {
            String python = "/usr/bin/python3";
            assumeTrue(Files.isExecutable(Path.of(python)), python + " is not here: not tested with " + modules[0]);
            for (String module : modules) {
                int missing = run(List.of(python, "-c", "import " + module), Path.of("target", "python.log"));
                assumeTrue(missing == 0, "python3-" + module + " is not installed here: not tested with it");
            }
            return List.of(python, "src/python/matrix_peer.py", implementation);
        };
    }

    /** Returns a program, compiled anew if its source is newer. */
    static ProcessEcho.Command compiled(
            String mode, String compiler, String source, String header, String... libraries) {
        return () -> {
            String found = Program.installed(compiler);
            assumeTrue(
                    Files.exists(Path.of("/usr/include", header)),
                    header + " is not installed here: not tested with " + source);
            return List.of(compile(found, Path.of("src", "native", source), libraries), mode);
        };
    }

    private static String compile(String compiler, Path source, String... libraries) throws Exception {
        // two processes test the tables at the same time
        try (FileChannel lock = FileChannel.open(Path.of("target", source.getFileName() + ".lock"), CREATE, WRITE)) {
            lock.lock();
            return compileOnce(compiler, source, libraries);
        }
    }

    private static String compileOnce(String compiler, Path source, String... libraries) throws Exception {
        Path program = Path.of("target", source.getFileName().toString().replaceFirst("\\..*", ""));
        if (!Files.exists(program)
                || Files.getLastModifiedTime(program).compareTo(Files.getLastModifiedTime(source)) < 0) {
            Path fresh = Files.createTempFile(Path.of("target"), "peer", "");
            List<String> command = new ArrayList<>(List.of(compiler, "-o", fresh.toString(), source.toString()));
            Stream.of(libraries).map("-l"::concat).forEach(command::add);
            Path log = Path.of("target", source.getFileName() + ".log");
            assertEquals(0, run(command, log), () -> "see " + log);
            Files.move(fresh, program, REPLACE_EXISTING);
        }
        return program.toAbsolutePath().toString();
    }

    private static int run(List<String> command, Path log) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
    }
}
