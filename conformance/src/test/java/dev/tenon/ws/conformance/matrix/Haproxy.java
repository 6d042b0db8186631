package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.conformance.peers.Certificate;
import dev.tenon.ws.conformance.peers.Program;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** HAProxy, which converts upgrades of HTTP/1.1 to extended CONNECTs of HTTP/2 and the reverse. */
final class Haproxy {
    private Haproxy() {}

    static String version() throws Exception {
        Process process = new ProcessBuilder(Program.installed("haproxy"), "-v").start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher version = Pattern.compile("version (\\d[\\d.]*)").matcher(output);
        return version.find() ? version.group(1) : output;
    }

    /** Returns a client whose connections reach the server over HTTP/2, whichever version it uses to the proxy. */
    static Peer.Client inFrontOfServer(Peer.Client client) {
        return (url, eventLog, certificate) -> {
            int port = Program.freePort();
            Program proxy = start("bind 127.0.0.1:" + port, URI.create(url).getPort(), "proto h2 ws h2", port);
            try {
                Stop end = client.connect("ws://127.0.0.1:" + port + "/", eventLog, certificate);
                return () -> {
                    try (proxy) {
                        end.close();
                    }
                };
            } catch (Exception | AssertionError e) {
                proxy.close();
                throw e;
            }
        };
    }

    /** Returns a server of HTTP/1.1 that is reached over HTTP/2. */
    static Peer.Server inFrontOfPeer(Peer.Server server) {
        return (eventLog, certificate) -> listen(server, eventLog, certificate);
    }

    private static Peer.RunningServer listen(Peer.Server server, EventLog eventLog, @Nullable Certificate certificate)
            throws Exception {
        Peer.RunningServer behind = server.listen(eventLog, certificate);
        try {
            int port = Program.freePort();
            Program proxy = start("bind 127.0.0.1:" + port + " proto h2", behind.port(), "", port);
            return new Peer.RunningServer(port, () -> {
                try (proxy) {
                    behind.stop().close();
                }
            });
        } catch (Exception | AssertionError e) {
            behind.stop().close();
            throw e;
        }
    }

    private static Program start(String bind, int upstream, String options, int port) throws Exception {
        String haproxy = Program.installed("haproxy");
        Path configuration = Files.createTempFile(Path.of("target").toAbsolutePath(), "haproxy", ".cfg");
        Files.writeString(configuration, """
            global
              maxconn 64
            defaults
              mode http
              timeout connect 10s
              timeout client 60s
              timeout server 60s
              timeout tunnel 60s
            frontend outside
              %s
              default_backend inside
            backend inside
              server tenon 127.0.0.1:%d %s
            """.formatted(bind, upstream, options));
        Path log = Path.of(configuration + ".log");
        return Program.listening(List.of(haproxy, "-db", "-f", configuration.toString()), log, port);
    }
}
