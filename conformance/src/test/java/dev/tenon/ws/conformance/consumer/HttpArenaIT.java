package dev.tenon.ws.conformance.consumer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The HttpArena entry compiles against the packaged modules, and gives the responses that HttpArena's validation
 * expects.
 */
@Tag("once")
class HttpArenaIT {
    private static final String VERSION = Objects.requireNonNull(System.getProperty("tenon.version"));
    private static final Path ENTRY = Path.of("..", "benchmarks", "httparena");
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;

    @TempDir
    Path home;

    @Test
    void theEntryPassesTheValidation() throws Exception {
        String jars = Stream.of("server", "transport", "connection", "handshake", "extension-spi", "frame")
                .map(name -> Path.of("..", "ws-" + name, "target", "ws-" + name + "-" + VERSION + ".jar")
                        .toAbsolutePath()
                        .toString())
                .collect(Collectors.joining(File.pathSeparator));
        String source = ENTRY.resolve("src/main/java/arena/EchoServer.java")
                .toAbsolutePath()
                .toString();
        OfflineMaven.execute(
                home, jdk("javac"), "--release", "17", "-Xlint:all", "-Werror", "-cp", jars, "-d", "classes", source);
        Process server = new ProcessBuilder(
                        jdk("java"),
                        "-cp",
                        home.resolve("classes") + File.pathSeparator + jars,
                        "arena.EchoServer",
                        "0")
                .start();
        try (BufferedReader output = server.inputReader(UTF_8)) {
            String line = output.readLine();
            assertTrue(line != null && line.matches("listening ws://127.0.0.1:\\d+/ws"), line);
            int port = Integer.parseInt(line.replaceAll(".*:(\\d+)/ws", "$1"));
            echoes(port);
            assertTrue(head(port, "").matches("(?s)HTTP/1.1 4\\d\\d .*"), "no upgrade was asked for");
            echoes(port); // the server still works
        } finally {
            server.destroy();
        }
    }

    @Test
    void theDescriptionIsThatOfAnEntry() throws IOException {
        String meta = Files.readString(ENTRY.resolve("meta.json"));
        for (String name : new String[] {
            "display_name", "language", "engine", "type", "mode", "description", "repo", "enabled", "tests"
        }) {
            assertTrue(meta.contains("\"" + name + "\":"), name);
        }
        String docker = Files.readString(ENTRY.resolve("Dockerfile"));
        assertTrue(
                docker.lines()
                        .filter(line -> line.startsWith("FROM"))
                        .noneMatch(line -> line.matches("FROM [^:]+|.*:latest.*")),
                docker);
    }

    private static String jdk(String tool) {
        return Path.of(System.getProperty("java.home"), "bin", tool).toString();
    }

    private static final String UPGRADE = String.join(
            "\r\n",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
            "");

    private static String head(int port, String headers) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return ask(socket, new DataInputStream(socket.getInputStream()), headers);
        }
    }

    private static String ask(Socket socket, DataInputStream in, String headers) throws IOException {
        String request = "GET /ws HTTP/1.1\r\nHost: localhost:" + socket.getPort() + "\r\n" + headers + "\r\n";
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }

    private static void echoes(int port) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            String response = ask(socket, in, UPGRADE);
            assertTrue(response.startsWith("HTTP/1.1 101 "), response);
            assertTrue(response.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), response);
            OutputStream out = socket.getOutputStream();
            byte[] binary = new byte[256];
            new Random(1).nextBytes(binary);
            send(out, BINARY, binary);
            assertArrayEquals(binary, receive(in, BINARY));
            for (int i = 0; i < 5; i++) {
                send(out, TEXT, ("message " + i).getBytes(UTF_8));
            }
            for (int i = 0; i < 5; i++) {
                assertEquals("message " + i, new String(receive(in, TEXT), UTF_8));
            }
            send(out, CLOSE, "\003\350validate done".getBytes(ISO_8859_1)); // 1000
            byte[] close = receive(in, CLOSE);
            assertEquals(1000, ((close[0] & 0xFF) << 8) | (close[1] & 0xFF));
        }
    }

    /** Sends one masked frame with the masking key 0. */
    private static void send(OutputStream out, int opcode, byte[] payload) throws IOException {
        out.write(0x80 | opcode);
        if (payload.length < 126) {
            out.write(0x80 | payload.length);
        } else {
            out.write(new byte[] {(byte) (0x80 | 126), (byte) (payload.length >> 8), (byte) payload.length});
        }
        out.write(new byte[4]);
        out.write(payload);
        out.flush();
    }

    private static byte[] receive(DataInputStream in, int opcode) throws IOException {
        assertEquals(0x80 | opcode, in.readUnsignedByte());
        int length = in.readUnsignedByte();
        return in.readNBytes(length < 126 ? length : in.readUnsignedShort());
    }
}
