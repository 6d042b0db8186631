package dev.tenon.ws.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The process of a server ends while the server works. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExitTest {
    /**
     * The call waits for the shutdown hook, and the hook waits for the loop that the call blocks: only the deadline
     * ends the wait.
     */
    @Test
    void aProcessThatIsEndedByAHandlerEnds() throws Exception {
        String path = String.join(
                File.pathSeparator,
                "target/test-classes",
                "target/classes",
                System.getProperty("jdk.module.path", ""),
                System.getProperty("java.class.path", ""));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(java, "-cp", path, ExitingServer.class.getName())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String port = String.valueOf(output.readLine());
            assertTrue(port.matches("\\d+"), port);
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port))) {
                socket.getOutputStream().write("GET /exit HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(ISO_8859_1));
                assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it hangs in its own end");
                assertEquals(7, process.exitValue());
            }
        } finally {
            process.destroyForcibly();
        }
    }
}
