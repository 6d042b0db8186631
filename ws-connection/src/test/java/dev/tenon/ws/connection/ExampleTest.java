package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The example of the README, compiled and run. */
class ExampleTest {

    // example
    static Connection echo(Wire wire, ThreadContext contextOfThisThread) {
        WebSocketListener listener = new WebSocketListener() {
            @Override
            public void onText(WebSocket webSocket, String text) {
                webSocket.sendText(text);
            }
        };
        Upgrade upgrade = new Upgrade("ws://localhost/echo", "", List.of());
        Connection connection =
                new Connection(Role.SERVER, ConnectionOptions.DEFAULT, upgrade, wire, contextOfThisThread, listener);
        connection.open();
        return connection; // pass it bytes, time and the end: receive, tick, endOfInput, ended
    }
    // end

    @Test
    void itEchoes() {
        RecordingWire wire = new RecordingWire(Role.SERVER);
        Connection connection = echo(wire, new ThreadContext());
        connection.receive(ByteBuffer.wrap(Rig.open(Role.SERVER).text("Hello")));
        assertEquals(List.of("FIN TEXT Hello"), wire.takeWritten());
    }

    // example
    static WebSocketListener greeter(Executor threads) {
        return Inbox.handledBy(
                inbox -> {
                    while (inbox.receive() instanceof Incoming.Text name) {
                        inbox.webSocket().sendBlocking(Message.text("Hello, " + name.text()));
                    }
                },
                threads); // for example Executors.newVirtualThreadPerTaskExecutor()
    }
    // end

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void itGreets() throws Exception {
        RecordingWire wire = new RecordingWire(Role.SERVER);
        CompletableFuture<Thread> handling = new CompletableFuture<>();
        try (LoopThread loop = new LoopThread()) {
            Upgrade upgrade = new Upgrade("ws://localhost/", "", List.of());
            ThreadContext threadContext = new ThreadContext(loop, () -> 1);
            WebSocketListener greeter = greeter(task -> {
                Thread thread = new Thread(task);
                thread.start();
                handling.complete(thread);
            });
            Connection connection = loop.call(() ->
                    new Connection(Role.SERVER, ConnectionOptions.DEFAULT, upgrade, wire, threadContext, greeter));
            loop.run(connection::open);
            loop.run(() ->
                    connection.receive(ByteBuffer.wrap(Rig.open(Role.SERVER).text("Ada"))));
            loop.run(() ->
                    connection.receive(ByteBuffer.wrap(Rig.open(Role.SERVER).binary("00"))));
            handling.get().join();
            assertEquals(List.of("FIN TEXT Hello, Ada", "FIN CLOSE 03e8"), loop.call(wire::takeWritten));
        }
    }

    // example
    static WebSocketListener doubling() {
        Codec<Double> numbers = Codec.text(String::valueOf, Double::valueOf);
        return numbers.listener((peer, number) -> peer.send(2 * number));
    }
    // end

    @Test
    void itDoubles() {
        RecordingWire wire = new RecordingWire(Role.SERVER);
        Upgrade upgrade = new Upgrade("ws://localhost/", "", List.of());
        Connection connection = new Connection(
                Role.SERVER, ConnectionOptions.DEFAULT, upgrade, wire, new ThreadContext(() -> 1), doubling());
        connection.open();
        connection.receive(ByteBuffer.wrap(Rig.open(Role.SERVER).text("1.5")));
        assertEquals(List.of("FIN TEXT 3.0"), wire.takeWritten());
    }

    @Test
    void theyAreInTheReadme() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/tenon/ws/connection/ExampleTest.java"));
        String readme = Files.readString(Path.of("README.md"));
        String[] parts = source.split(" +// (example|end)\n", -1);
        for (int i = 1; i < parts.length; i += 2) {
            String example = parts[i].replaceAll("(?m)^    ", "").strip();
            assertTrue(example.lines().count() <= 15);
            assertTrue(readme.contains(example), () -> "ws-connection/README.md should hold\n" + example);
        }
        assertEquals(7, parts.length);
    }
}
