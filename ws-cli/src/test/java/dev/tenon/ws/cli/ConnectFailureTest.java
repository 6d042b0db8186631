package dev.tenon.ws.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.handshake.WebSocketUri;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A connect to something that is no WebSocket server is explained in one line, with a remedy. */
@Timeout(60)
class ConnectFailureTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            HTTP/1.1 200 OK                    | connect     | no WebSocket at /chat: check the path
            HTTP/1.1 404 Not Found             | connect     | refused with 404 Not Found
            HTTP/1.1 503 Service Unavailable   | bench -c 2  | connection 1 of 2: refused with 503
            SSH-2.0-OpenSSH_9.2                | connect     | is not an HTTP/1.1 status line
            """)
    void aServerThatResponds(String response, String command, String says) throws Exception {
        String head = response.startsWith("HTTP/") ? response + "\r\nContent-Length: 0\r\n\r\n" : response + "\r\n";
        String line = failureOf(head, command.split(" "));
        assertTrue(line.contains(says), line);
    }

    @Test
    void aSuiteRunAgainstSomethingThatDoesNotSpeakHttp(@TempDir Path folder) throws Exception {
        String report = folder.resolve("report").toString();
        String line = failureOf("SSH-2.0-OpenSSH_9.2\r\n", "conformance", "--report", report, "--server");
        assertTrue(line.contains("does not respond with HTTP, but with: SSH-2.0-OpenSSH_9.2"), line);
    }

    /** Returns the one line on the standard error. */
    private static String failureOf(String response, String... command) throws Exception {
        StringWriter errors = new StringWriter();
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            Thread responder = new Thread(() -> respond(server, response), "responder");
            responder.setDaemon(true);
            responder.start();
            String[] arguments = Arrays.copyOf(command, command.length + 1);
            arguments[command.length] = "ws://127.0.0.1:" + server.getLocalPort() + "/chat";
            int exitCode = Main.commandLine().setErr(new PrintWriter(errors)).execute(arguments);
            assertTrue(exitCode > 0, errors.toString());
        }
        assertEquals(1, errors.toString().lines().count(), errors.toString());
        return errors.toString();
    }

    /** Reads the first line of each request, responds, and waits for the client's end. */
    private static void respond(ServerSocket server, String response) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.getInputStream().read();
                socket.getOutputStream().write(response.getBytes(StandardCharsets.ISO_8859_1));
                socket.shutdownOutput();
                socket.getInputStream().readAllBytes();
            } catch (IOException e) {
                // the client has ended first, or the test has ended
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            waited 10000 ms for the TLS handshake with h:1 | if it does not speak TLS, try ws:// instead of wss://
            """)
    void aTlsHandshakeThatNeverEnds(String message, String says) {
        String line = ConnectFailure.explain(new IOException(message), WebSocketUri.parse("wss://h:1/"));
        assertTrue(line.contains(says), line);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PKIX path building failed: x        | the server's certificate is not trusted; give its issuer with --cacert
            No name matching h found            | is for another host (No name matching h found); connect by the name
            Unsupported or unrecognized SSL message | does not speak TLS: try ws://
            """)
    void theErrorsOfTheJdksOwnTls(String message, String says) {
        String line = ConnectFailure.explain(new SSLHandshakeException(message), WebSocketUri.parse("wss://h:1/"));
        assertTrue(line.contains(says), line);
    }
}
