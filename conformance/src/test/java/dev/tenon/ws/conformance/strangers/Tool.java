package dev.tenon.ws.conformance.strangers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The tool in a process of its own, on the module path, as {@code ./ws} starts it. */
final class Tool implements AutoCloseable {
    private static final long TIMEOUT_SECONDS = 60;

    private final Process process;
    private final BufferedReader output;
    private final CompletableFuture<String> errors = new CompletableFuture<>();

    /** The output of a command, and its exit code. */
    record Result(int exitCode, String output, String errors) {}

    private Tool(List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        process = builder.start();
        output = process.inputReader(StandardCharsets.UTF_8);
        Thread reader = new Thread(() -> errors.complete(read(process.getErrorStream())), "tool-errors");
        reader.setDaemon(
                true); // a thread of its own, because each tool blocks one and the common pool may have only one
        reader.start();
    }

    private static String read(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "unreadable: " + e;
        }
    }

    static Tool start(String... arguments) throws IOException {
        return start(Map.of(), arguments);
    }

    /** Starts the tool with the modules that {@code demo --http3} needs. */
    static Tool startWithNetty(String... arguments) throws IOException {
        return start("ws-cli-netty", List.of("--add-modules", "ALL-MODULE-PATH"), Map.of(), arguments);
    }

    private static Tool start(Map<String, String> environment, String... arguments) throws IOException {
        return start("ws-cli", List.of(), environment, arguments);
    }

    private static Tool start(String folder, List<String> flags, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-p",
                Path.of(System.getProperty("tenon.root"), folder, "target", "modules")
                        .toString()));
        command.addAll(flags);
        command.addAll(List.of("-m", "dev.tenon.ws.cli/dev.tenon.ws.cli.Main"));
        command.addAll(List.of(arguments));
        return new Tool(command, environment);
    }

    /** Runs a command to its end. */
    static Result run(String input, String... arguments) throws IOException, InterruptedException {
        return run(Map.of(), input, arguments);
    }

    /** Runs a command to its end, with additions to the environment. */
    static Result run(Map<String, String> environment, String input, String... arguments)
            throws IOException, InterruptedException {
        try (Tool tool = start(environment, arguments)) {
            tool.process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            tool.process.getOutputStream().close();
            return tool.end();
        }
    }

    /** Runs a command to its end with bytes as its input; returns its output as bytes. */
    static byte[] pipe(byte[] input, String... arguments) throws IOException {
        try (Tool tool = start(arguments)) {
            Thread writer = new Thread(() -> {
                try (OutputStream stream = tool.process.getOutputStream()) {
                    stream.write(input);
                } catch (IOException e) {
                    tool.process.destroyForcibly(); // the result then fails the test
                }
            });
            writer.start();
            return tool.process.getInputStream().readAllBytes();
        }
    }

    /** The next line of the standard output. */
    String line() throws IOException {
        String line = output.readLine();
        return line == null ? "nothing, but on the standard error: " + errors.join() : line;
    }

    /** Waits for the line {@code listening ws://127.0.0.1:N/ws}, and returns its port. */
    int port() throws IOException {
        String line = line();
        if (!line.matches("listening wss?://127\\.0\\.0\\.1:\\d+/.*")) {
            throw new AssertionError("the tool says: " + line);
        }
        return Integer.parseInt(line.replaceFirst(".*:(\\d+)/.*", "$1"));
    }

    /** Sends SIGTERM, and leaves the streams open, which {@link Process#destroy()} does not. */
    void terminate() {
        if (!process.toHandle().destroy()) {
            throw new AssertionError("the tool has ended already");
        }
    }

    /** Writes to the standard input, which stays open. */
    void say(String input) throws IOException {
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Reads the standard output no more: the tool's next write fails. */
    void closeOutput() throws IOException {
        output.close();
    }

    /** Waits for the end of the command. */
    Result end() throws IOException, InterruptedException {
        StringBuilder lines = new StringBuilder();
        String line;
        while ((line = output.readLine()) != null) {
            lines.append(line).append('\n');
        }
        return result(lines.toString());
    }

    /** Waits for the end, without reading the standard output. */
    Result result() throws InterruptedException {
        return result("");
    }

    private Result result(String output) throws InterruptedException {
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the tool does not end");
        }
        return new Result(process.exitValue(), output, errors.join());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
