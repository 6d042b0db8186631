package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.frame.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The example of the README, compiled and run. */
class ExampleTest {

    // example
    static Connection echo(Wire wire, Workspace workspaceOfThisThread) {
        WebSocketListener listener = new WebSocketListener() {
            @Override
            public void onText(WebSocket webSocket, String text) {
                webSocket.sendText(text);
            }
        };
        Upgrade upgrade = new Upgrade("ws://localhost/echo", "", List.of());
        Connection connection =
                new Connection(Role.SERVER, ConnectionOptions.DEFAULT, upgrade, wire, workspaceOfThisThread, listener);
        connection.open();
        return connection; // give it bytes, time and the end: receive, tick, endOfInput, ended
    }
    // end

    @Test
    void itEchoes() {
        RecordingWire wire = new RecordingWire(Role.SERVER);
        Connection connection = echo(wire, new Workspace());
        connection.receive(ByteBuffer.wrap(Rig.open(Role.SERVER).text("Hello")));
        assertEquals(List.of("FIN TEXT Hello"), wire.taken());
    }

    @Test
    void itStandsInTheReadme() throws IOException {
        Path source = Path.of("src/test/java/dev/tenon/ws/connection/ExampleTest.java");
        String example = Files.readAllLines(source).stream()
                .dropWhile(line -> !line.strip().equals("// example"))
                .skip(1)
                .takeWhile(line -> !line.strip().equals("// end"))
                .map(line -> line.replaceFirst("^    ", ""))
                .collect(Collectors.joining("\n"));
        assertTrue(example.lines().count() <= 15);
        String readme = Files.readString(Path.of("README.md"));
        assertTrue(readme.contains(example), () -> "ws-connection/README.md should hold\n" + example);
    }
}
