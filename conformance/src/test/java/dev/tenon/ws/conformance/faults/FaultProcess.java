package dev.tenon.ws.conformance.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.keys.TestKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a {@link FaultServer} in a JVM of its own, which ends when this object is closed. */
final class FaultProcess implements AutoCloseable {
    final int port;
    final int securePort;
    private final Process process;
    private final Path log;

    /** Starts the process with the same sockets as this one, and a limit of descriptors if the number is not 0. */
    FaultProcess(Path folder, TestKey key, int descriptors) throws IOException {
        assertTrue(Figures.openDescriptors() > 0);
        log = folder.resolve("server-" + System.nanoTime() + ".log");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(
                "bash",
                "-c",
                (descriptors == 0 ? "" : "ulimit -n " + descriptors + " && ") + "exec \"$@\"",
                "bash",
                java,
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m"));
        String sockets = System.getProperty("dev.tenon.ws.sockets");
        if (sockets != null) {
            command.add("-Ddev.tenon.ws.sockets=" + sockets);
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of(
                "-cp", classPath, FaultServer.class.getName(), key.file().toString()));
        process = new ProcessBuilder(command).redirectError(log.toFile()).start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        if (line == null) {
            throw new IOException("the server has not started: " + log());
        }
        int space = line.indexOf(' ');
        port = Integer.parseInt(line.substring(0, space));
        securePort = Integer.parseInt(line.substring(space + 1));
    }

    /**
     * The state of the server.
     *
     * @param open the number of open WebSockets
     * @param figures the resources of its process
     */
    record Report(int open, Figures figures) {}

    Report report() throws IOException {
        try (RawPeer peer = new RawPeer(port, null)) {
            peer.send("GET /figures HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            String response = new String(peer.rest(), StandardCharsets.US_ASCII);
            String[] numbers =
                    response.substring(response.lastIndexOf('\n') + 1).split(" ", -1);
            if (numbers.length != 6) {
                throw new IOException("no figures: " + response);
            }
            return new Report(
                    Integer.parseInt(numbers[0]),
                    new Figures(
                            Long.parseLong(numbers[1]),
                            Long.parseLong(numbers[2]),
                            Long.parseLong(numbers[3]),
                            Long.parseLong(numbers[4]),
                            Long.parseLong(numbers[5])));
        }
    }

    /**
     * Returns the report when the number of WebSockets is right and the figures are within the bound, or after some
     * seconds.
     */
    Report settled(int open, Figures bound) throws IOException, InterruptedException {
        Report report = report();
        for (int i = 0; i < 100 && (report.open != open || !report.figures.within(bound)); i++) {
            TimeUnit.MILLISECONDS.sleep(100);
            report = report();
        }
        return report;
    }

    /** Returns the process's log. */
    String log() throws IOException {
        return Files.readString(log);
    }

    Duration cpu() {
        Duration total = process.info().totalCpuDuration().orElseThrow();
        assertTrue(process.isAlive());
        return total;
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
