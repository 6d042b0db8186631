package dev.tenon.ws.topics.nats;

import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** A real {@code nats-server} with JetStream, on a free port of this machine. */
final class NatsServer implements AutoCloseable {
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final String CONFIGURATION = "nats.conf";

    private static final String NAME = "server-";

    private final Path program;
    private final String name;
    private final Path store;
    private final Path copy;
    private final int port;
    private final int monitoringPort;
    private Process process;

    private NatsServer(Path program, String configuration) throws IOException {
        this.program = program;
        store = Files.createTempDirectory("nats");
        copy = store.resolveSibling(store.getFileName() + "-copy");
        Files.writeString(store.resolve(CONFIGURATION), configuration);
        Matcher named = Pattern.compile(NAME + "\\d+").matcher(configuration);
        name = named.find() ? named.group() : "";
        port = freePort();
        monitoringPort = freePort();
        process = launch();
    }

    long pid() {
        return process.pid();
    }

    /** Starts a server, or skips the test if none is installed. */
    static NatsServer start() throws IOException {
        return start("");
    }

    /** Starts a server with some lines of configuration. */
    static NatsServer start(String configuration) throws IOException {
        return new NatsServer(program(), configuration);
    }

    private static Path program() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, "nats-server"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new TestAbortedException("nats-server is not installed"));
    }

    /** Starts servers that form one cluster. */
    static List<NatsServer> startCluster(int count) throws IOException {
        Path program = program();
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ports.add(freePort());
        }
        String routes =
                ports.stream().map(port -> "\"nats://127.0.0.1:" + port + "\"").collect(Collectors.joining(", "));
        List<NatsServer> servers = new ArrayList<>();
        for (int port : ports) {
            servers.add(new NatsServer(program, """
                    server_name: "%s%d"
                    cluster: { name: "test", listen: "127.0.0.1:%d", routes: [ %s ], no_advertise: true }
                    """.formatted(NAME, port, port, routes)));
        }
        return servers;
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private Process launch() throws IOException {
        Process started = new ProcessBuilder(
                        program.toString(),
                        "-a",
                        "127.0.0.1",
                        "-p",
                        "" + port,
                        "-m",
                        "" + monitoringPort,
                        "-js",
                        "-sd",
                        store.toString(),
                        "-c",
                        store.resolve(CONFIGURATION).toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        long end = System.nanoTime() + TIMEOUT_NANOS;
        while (!accepts()) {
            if (!started.isAlive() || System.nanoTime() > end) {
                throw new IOException("nats-server does not listen");
            }
            Thread.onSpinWait();
        }
        return started;
    }

    private boolean accepts() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    int port() {
        return port;
    }

    /** The name in a cluster; empty outside. */
    String name() {
        return name;
    }

    Connection connect() throws IOException, InterruptedException {
        return connect(port);
    }

    /** Connects to a server on a port of this machine. */
    static Connection connect(int port) throws IOException, InterruptedException {
        return connect(port, Duration.ofMillis(200)); // a server that does not respond is noticed after three of them
    }

    static Connection connect(int port, Duration pingInterval) throws IOException, InterruptedException {
        return connect(List.of(port), pingInterval, Duration.ofSeconds(10));
    }

    /** Connects to one server of a cluster, and to the others if that one ends. */
    static Connection connect(NatsServer first, List<NatsServer> cluster) throws IOException, InterruptedException {
        List<Integer> ports = new ArrayList<>(List.of(first.port));
        cluster.stream().filter(each -> each != first).forEach(each -> ports.add(each.port));
        return connect(ports, Duration.ofMillis(200), Duration.ofSeconds(1));
    }

    private static Connection connect(List<Integer> ports, Duration pingInterval, Duration timeout)
            throws IOException, InterruptedException {
        return Nats.connect(Options.builder()
                .servers(ports.stream().map(port -> "nats://127.0.0.1:" + port).toArray(String[]::new))
                .noRandomize()
                .maxReconnects(-1)
                .reconnectWait(Duration.ofMillis(50))
                .pingInterval(pingInterval)
                .connectionTimeout(timeout) // of a request too
                .errorListener(new ErrorListener() {}) // logs nothing
                .build());
    }

    /** How many connections the server has ended because they were too slow. */
    int slowConsumers() throws IOException {
        try (InputStream status = URI.create("http://127.0.0.1:" + monitoringPort + "/varz")
                .toURL()
                .openStream()) {
            String json = new String(status.readAllBytes(), StandardCharsets.UTF_8);
            Matcher count = Pattern.compile("\"slow_consumers\": (\\d+)").matcher(json);
            if (!count.find()) {
                throw new IOException("no count of slow consumers in " + json);
            }
            return Integer.parseInt(count.group(1));
        }
    }

    /** Ends the process regularly. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    /** Ends the process as {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Pauses the process like {@code kill -STOP}: its connections stay open, and nothing answers. */
    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + name, "" + process.pid())
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("kill -" + name + " has failed");
        }
    }

    void startAgain() throws IOException {
        process = launch();
    }

    /** Copies the files of the server, which must not run. */
    void backUp() throws IOException {
        delete(copy);
        copy(store, copy);
    }

    /** Puts the files of the last {@link #backUp} in their place. */
    void restore() throws IOException {
        delete(store);
        copy(copy, store);
    }

    private static void copy(Path from, Path to) throws IOException {
        for (Path file : files(from)) {
            Files.copy(file, to.resolve(from.relativize(file).toString()));
        }
    }

    private static void delete(Path directory) throws IOException {
        List<Path> files = new ArrayList<>(files(directory));
        Collections.reverse(files);
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }

    /** A directory and all that is in it, each directory before its files. */
    private static List<Path> files(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(directory)) {
            return all.toList();
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        delete(store);
        delete(copy);
    }
}
