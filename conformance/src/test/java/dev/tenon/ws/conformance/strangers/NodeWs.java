package dev.tenon.ws.conformance.strangers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Node's ws in a process of its own ({@code src/node/ws-peer.js}): a server, and clients that follow commands. */
final class NodeWs implements AutoCloseable {
    private final Process process;
    private final Writer commands;
    private final BufferedReader output;
    private final int port;

    /** Starts the process; if node or ws is missing, the test is skipped with a message that names it. */
    NodeWs() throws IOException {
        Optional<Path> node = Browser.find("node", "nodejs");
        assumeTrue(node.isPresent(), "NOT TESTED with Node's ws: node is not installed");
        Path folder = Path.of("src", "node");
        assumeTrue(
                Files.exists(folder.resolve("node_modules/ws/package.json")),
                "NOT TESTED with Node's ws: get it with \"npm ci\" in conformance/src/node (.ci/run does)");
        process = new ProcessBuilder(node.orElseThrow().toString(), "ws-peer.js")
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        commands = process.outputWriter(UTF_8);
        output = process.inputReader(UTF_8);
        port = Integer.parseInt(next());
    }

    /** Returns the URL of its server. The options of ws, as JSON, hold for that connection only. */
    String url(String options) {
        return "ws://127.0.0.1:" + port + "/?options=" + URLEncoder.encode(options, UTF_8);
    }

    /** Makes a client connect and act, and returns the result. */
    String client(String url, String options, String act, String arguments) throws IOException {
        command(url, options, act, arguments);
        return next();
    }

    /** Makes a client connect and act; {@linkplain #next()} returns the result later. */
    void command(String url, String options, String act, String arguments) throws IOException {
        commands.write("{\"url\":\"" + url + "\",\"options\":" + options + ",\"act\":\"" + act + "\",\"with\":["
                + arguments + "]}\n");
        commands.flush();
    }

    /** Returns the next line of the process. */
    String next() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IOException("node has ended");
        }
        return line;
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
