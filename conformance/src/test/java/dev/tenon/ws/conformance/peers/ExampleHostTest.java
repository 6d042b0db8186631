package dev.tenon.ws.conformance.peers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs the example hosts as processes of their own, on the module path, with the JDK's client and a plain socket as
 * peers.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("once")
class ExampleHostTest {
    private static final String UPGRADE = """
            GET /chat HTTP/1.1\r
            Host: 127.0.0.1\r
            Upgrade: websocket\r
            Connection: keep-alive, Upgrade\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            Sec-WebSocket-Version: 13\r
            %s\r
            """;
    /** RFC 6455 §5.7, and a Close frame with 1000; masked. */
    private static final String HELLO = "818537fa213d7f9f4d5158";

    private static final String CLOSE = "8882000000" + "0003e8";

    @ParameterizedTest
    @ValueSource(strings = {"BlockingHost", "NettyHost"})
    void theClientOfTheJdkGetsBackWhatItSends(String host) throws Exception {
        try (Program program = Program.example(host)) {
            String uri = "ws://127.0.0.1:" + program.printedPort() + "/";
            for (int i = 0; i < 2; i++) {
                try (JdkClient client = JdkClient.connect(HttpClient.newHttpClient(), uri)) {
                    client.checkEchoes();
                    client.checkClose(1000 + 3000 * i, "done");
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"BlockingHost", "NettyHost"})
    void framesBehindTheHeadInOnePacketAreNotLost(String host) throws Exception {
        try (Program program = Program.example(host)) {
            String response = exchange(program.printedPort(), UPGRADE.formatted("") + frames(HELLO + CLOSE));
            assertTrue(response.startsWith("HTTP/1.1 101 Switching Protocols\r\n"), response);
            assertTrue(
                    response.toLowerCase(Locale.ROOT)
                            .contains("\r\nsec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=\r\n"),
                    response);
            assertTrue(response.endsWith("\r\n\r\n" + frames("810548656c6c6f" + "880203e8")), response);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"BlockingHost", "NettyHost"})
    void anInvalidHandshakeIsAnsweredInHttp(String host) throws Exception {
        try (Program program = Program.example(host)) {
            int port = program.printedPort();
            String foreign = UPGRADE.formatted("Origin: https://elsewhere.example\r\n");
            assertTrue(exchange(port, foreign).startsWith("HTTP/1.1 403 Forbidden\r\n"));
            String old = UPGRADE.formatted("").replace("Version: 13", "Version: 8");
            assertTrue(exchange(port, old).startsWith("HTTP/1.1 426 Upgrade Required\r\n"));
            String twice = UPGRADE.formatted("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
            assertTrue(exchange(port, twice).startsWith("HTTP/1.1 400 Bad Request\r\n"));
            assertTrue(
                    exchange(port, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").startsWith("HTTP/1.1 426 "));
            assertTrue(exchange(port, "nonsense\r\n\r\n").startsWith("HTTP/1.1 400 "));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"BlockingHost", "NettyHost"})
    void aViolationIsAnsweredBeforeTheEnd(String host) throws Exception {
        try (Program program = Program.example(host)) {
            String unmasked = frames("810548656c6c6f");
            String response = exchange(program.printedPort(), UPGRADE.formatted("") + unmasked);
            assertTrue(response.contains("\r\n\r\n\u0088"), response);
            assertEquals(
                    "03ea",
                    HexFormat.of().formatHex(response.getBytes(ISO_8859_1), end(response) + 2, end(response) + 4));
        }
    }

    @Test
    void theBlockingHostHasUnderSixtyLines() throws Exception {
        Path source = Path.of("..", "examples/src/main/java/dev/tenon/ws/examples/hosts/BlockingHost.java");
        long lines = Files.readAllLines(source).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("import ") && !line.startsWith("package "))
                .filter(line -> !line.startsWith("*") && !line.startsWith("/*"))
                .count();
        assertTrue(lines < 60, () -> lines + " lines of code");
    }

    private static int end(String response) {
        return response.indexOf("\r\n\r\n") + 4;
    }

    private static String frames(String hex) {
        return new String(HexFormat.of().parseHex(hex), ISO_8859_1);
    }

    /** Sends bytes, ends its direction, and reads the whole response. */
    private static String exchange(int port, String bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }
}
