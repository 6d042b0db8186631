package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.conformance.peers.Certificate;
import dev.tenon.ws.conformance.peers.Program;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** curl as Debian builds it: without WebSocket, so that it sends an upgrade request and cannot read frames. */
final class CurlPeer {
    private static final List<String> UPGRADE = List.of(
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Extensions: permessage-deflate");

    private CurlPeer() {}

    static String version() throws Exception {
        Process process = new ProcessBuilder(Program.installed("curl"), "--version").start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        return output.split(" ", 3)[1];
    }

    static Stop connect(String url, EventLog eventLog, @Nullable Certificate certificate) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Program.installed("curl"), "--disable", "--noproxy", "*", "--silent", "--http1.1", "--max-time", "60"));
        UPGRADE.forEach(line -> command.addAll(List.of("--header", line)));
        command.add(url.replaceFirst("^ws", "http"));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return () -> {
            process.destroy();
            process.waitFor();
        };
    }
}
