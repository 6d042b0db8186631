package dev.tenon.ws.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server with which no case can be played is one clear error instead of hundreds of failed cases. */
@Timeout(60)
class UntestableServerTest {
    private static final Settings SHORT_TIMEOUTS =
            Settings.DEFAULT.withTimeouts(Duration.ofMillis(50), Duration.ofMillis(200));

    private static IOException failure(int port) {
        FuzzingClient client = new FuzzingClient(URI.create("ws://127.0.0.1:" + port + "/"), SHORT_TIMEOUTS);
        return assertThrows(
                IOException.class,
                () -> client.run(Selection.FAST, "untestable", (id, verdict, played, all) -> fail("has played " + id)));
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    }

    @Test
    void aPortOnWhichNothingListens() throws Exception {
        int port;
        try (ServerSocket server = listen()) {
            port = server.getLocalPort();
        }
        assertEquals(ConnectException.class, failure(port).getClass());
    }

    /** The system accepts the connection, and no program reads from it. */
    @Test
    void aServerThatSaysNothing() throws Exception {
        try (ServerSocket server = listen()) {
            assertEquals(
                    "the server does not respond within 200 ms",
                    failure(server.getLocalPort()).getMessage());
        }
    }

    @Test
    void aServerOfAnotherProtocol() throws Exception {
        try (ServerSocket server = listen()) {
            Thread banner = new Thread(() -> greet(server));
            banner.start();
            assertEquals(
                    "the server does not respond with HTTP, but with: SSH-2.0-OpenSSH_9.2",
                    failure(server.getLocalPort()).getMessage());
            banner.join();
        }
    }

    private static void greet(ServerSocket server) {
        try (Socket socket = server.accept()) {
            socket.getOutputStream().write("SSH-2.0-OpenSSH_9.2\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
