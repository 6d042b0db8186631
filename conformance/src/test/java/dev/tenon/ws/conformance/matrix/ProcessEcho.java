package dev.tenon.ws.conformance.matrix;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.conformance.peers.Certificate;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A peer in a process of its own. It prints "version V", as a server "port N", and "closed CODE REASON" at the end of
 * each connection. It ends when its standard input ends.
 */
final class ProcessEcho implements Stop {
    private final Process process;
    private final EventLog eventLog;
    private final BlockingQueue<String> outputLines = new LinkedBlockingQueue<>();

    private ProcessEcho(List<String> command, EventLog eventLog, @Nullable Certificate certificate) throws IOException {
        this.eventLog = eventLog;
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        if (certificate != null) {
            String pem = certificate.pem().toString();
            builder.environment().putAll(Map.of("TLS_PEM", pem, "NODE_EXTRA_CA_CERTS", pem, "DENO_CERT", pem));
        }
        process = builder.start();
        Thread reader = new Thread(this::read, "peer " + command.get(0));
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(UTF_8)) {
            String line;
            while ((line = lines.readLine()) != null) {
                if (line.startsWith("closed ")) {
                    eventLog.add(line.strip());
                } else {
                    outputLines.add(line);
                }
            }
        } catch (IOException e) {
            eventLog.add("failed " + e.getMessage());
        }
        outputLines.add("ended");
    }

    private String await(String word) throws InterruptedException, IOException {
        while (true) {
            String line = outputLines.poll(30, TimeUnit.SECONDS);
            if (line == null || line.equals("ended")) {
                throw new IOException("the peer does not say its " + word);
            }
            if (line.startsWith(word + " ")) {
                return line.substring(word.length() + 1);
            }
        }
    }

    @Override
    public void stop() throws Exception {
        process.getOutputStream().close();
        if (!process.waitFor(2, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    /** Finds the command that starts a program, or skips the test with a message that names it. */
    interface Command {
        List<String> find() throws Exception;

        /** Returns this command with more arguments. */
        default Command with(String... arguments) {
            return () -> {
                List<String> all = new ArrayList<>(find());
                all.addAll(List.of(arguments));
                return all;
            };
        }
    }

    static Peer<Peer.Client> client(String name, Command command, Peer.Trait... traits) {
        Command client = command.with("client");
        Peer.Client connect =
                (url, eventLog, certificate) -> new ProcessEcho(client.with(url).find(), eventLog, certificate);
        return new Peer<>(name, version(client.with("ws://127.0.0.1:9/")), connect, traits);
    }

    static Peer<Peer.Server> server(String name, Command command, Peer.Trait... traits) {
        Command server = command.with("server");
        return new Peer<>(
                name, version(server), (eventLog, certificate) -> listen(server, eventLog, certificate), traits);
    }

    private static Peer.RunningServer listen(Command command, EventLog eventLog, @Nullable Certificate certificate)
            throws Exception {
        ProcessEcho peer = new ProcessEcho(command.find(), eventLog, certificate);
        try {
            return new Peer.RunningServer(Integer.parseInt(peer.await("port")), peer);
        } catch (Exception e) {
            peer.close();
            throw e;
        }
    }

    private static Peer.Version version(Command command) {
        return () -> {
            try (ProcessEcho peer = new ProcessEcho(command.find(), new EventLog(), null)) {
                return peer.await("version");
            }
        };
    }
}
