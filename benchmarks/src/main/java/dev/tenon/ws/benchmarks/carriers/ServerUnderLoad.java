package dev.tenon.ws.benchmarks.carriers;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An {@link EchoProcess}, and its CPU time and memory. */
final class ServerUnderLoad implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private final Writer commands;
    final int port;

    /**
     * Starts a server.
     *
     * @param name a server of {@link EchoProcess}, or {@code NAME=CLASS:CLASSPATH}, a main class that does the same
     * @param prefix the command before {@code java}
     * @param flags the arguments after it
     */
    ServerUnderLoad(String name, boolean http2, String tls, List<String> prefix, List<String> flags)
            throws IOException {
        String classPath = System.getProperty("java.class.path");
        String main = EchoProcess.class.getName();
        if (name.contains("=")) {
            String[] foreign = name.substring(name.indexOf('=') + 1).split(":", 2);
            main = foreign[0];
            classPath = foreign[1] + File.pathSeparator + classPath;
        }
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath, main, Options.shortName(name), http2 ? "h2" : "h1", tls));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        output = process.inputReader(StandardCharsets.UTF_8);
        commands = process.outputWriter(StandardCharsets.UTF_8);
        port = Integer.parseInt(line());
    }

    private String line() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IOException("the server has ended");
        }
        return line;
    }

    /** The CPU time of its threads. */
    Duration cpu() {
        return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** The bytes of its heap after a collection, and of Netty's direct memory. */
    long[] memory() throws IOException {
        commands.write("memory\n");
        commands.flush();
        String[] words = line().split(" ", 2);
        return new long[] {Long.parseLong(words[0]), Long.parseLong(words[1])};
    }

    @Override
    public void close() throws IOException {
        commands.close();
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
