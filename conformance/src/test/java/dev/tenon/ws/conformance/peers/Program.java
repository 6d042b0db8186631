package dev.tenon.ws.conformance.peers;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A process of a test; the test ends it at its own end, through its handle. */
public final class Program implements AutoCloseable {
    /** The first letters of the modules that the examples module needs. */
    private static final List<String> EXAMPLES_NEED =
            List.of("dev.tenon.ws.", "io.netty.", "io.nats.", "micrometer.", "com.github.luben.");

    private final Process process;

    private Program(Process process) {
        this.process = process;
    }

    /** Returns the path of a program, or skips the test with a message that names it. */
    public static String installed(String name) {
        List<String> folders = Stream.concat(
                        Arrays.stream(System.getenv("PATH").split(File.pathSeparator)),
                        Stream.of("/usr/sbin", "/usr/local/sbin"))
                .toList();
        for (String folder : folders) {
            Path file = Path.of(folder, name);
            if (Files.isExecutable(file)) {
                return file.toString();
            }
        }
        assumeTrue(false, name + " is not installed here: not tested with it");
        throw new AssertionError();
    }

    /** Returns a port that was free a moment ago. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Starts a program, and returns when it listens on all of the ports. */
    public static Program listening(List<String> command, Path log, int... ports) throws Exception {
        Program program = new Program(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
        try {
            for (int port : ports) {
                program.awaitPort(port, log);
            }
            return program;
        } catch (Exception | AssertionError e) {
            program.close();
            throw e;
        }
    }

    private void awaitPort(int port, Path log) throws Exception {
        for (int attempt = 0; attempt < 500; attempt++) {
            assertTrue(process.isAlive(), () -> "it has ended: " + read(log));
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                return;
            } catch (IOException notYet) {
                process.waitFor(20, TimeUnit.MILLISECONDS);
            }
        }
        throw new AssertionError("nothing listens on " + port + ": " + read(log));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Starts a main class of the examples module in a JVM of its own. */
    public static Program example(String main) throws IOException {
        return new Program(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "--module-path",
                        modulePath(),
                        "--module",
                        "dev.tenon.ws.examples/dev.tenon.ws.examples.hosts." + main,
                        "0")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    private static String modulePath() {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(classPath.split(File.pathSeparator))
                .filter(Program::isModule)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static boolean isModule(String entry) {
        try {
            return ModuleFinder.of(Path.of(entry)).findAll().stream()
                    .map(module -> module.descriptor().name())
                    .anyMatch(name -> EXAMPLES_NEED.stream().anyMatch(name::startsWith));
        } catch (FindException e) {
            return false;
        }
    }

    /** Returns the number on the first line that the program prints. */
    public int printedPort() throws IOException {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        assertTrue(line != null, "it has ended without a word");
        return Integer.parseInt(line);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
