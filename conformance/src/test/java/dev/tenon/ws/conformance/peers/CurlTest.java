package dev.tenon.ws.conformance.peers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.server.ServerTls;
import dev.tenon.ws.server.WebSocketServer;
import dev.tenon.ws.server.WebSocketServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** curl sends WebSocket and plain HTTP requests to a server. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CurlTest {
    private static final String[] UPGRADE = {
        "--header", "Connection: Upgrade",
        "--header", "Upgrade: websocket",
        "--header", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "--header", "Sec-WebSocket-Version: 13"
    };

    private static Certificate certificate;

    @TempDir
    Path folder;

    private String curl;
    private WebSocketServer plain;
    private WebSocketServer secure;

    @BeforeAll
    static void makeCertificate(@TempDir Path keys) throws Exception {
        certificate = Certificate.make(keys);
    }

    @BeforeEach
    void start() throws Exception {
        curl = Program.installed("curl");
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        plain = server().listen(address).start();
        secure = server().listen(address, tls(certificate.context())).start();
    }

    private static ServerTls tls(SSLContext context) {
        return ServerTls.byHost(host -> host.isEmpty() || host.equals("tenon.example") ? context : null);
    }

    @AfterEach
    void stop() {
        if (secure != null) {
            plain.close();
            secure.close();
        }
    }

    private static WebSocketServerBuilder server() {
        return WebSocketServer.builder()
                .loops(1)
                .hosts("*.example")
                .extensions(Extensions.none())
                .options(ConnectionOptions.DEFAULT.withCloseTimeout(Duration.ofMillis(100)))
                .route("/ws", upgrade -> upgrade.accept(new Greeting()))
                .http(request -> HttpResponse.text(
                        200,
                        request.method() + " " + request.request().target() + " "
                                + request.body().remaining()));
    }

    private static final class Greeting implements WebSocketListener {
        @Override
        public void onOpen(WebSocket webSocket) {
            webSocket.sendText("Hello");
            webSocket.close();
        }
    }

    /** Returns curl's output: the heads and bodies of all responses. */
    private String curl(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(curl, "--disable", "--noproxy", "*", "--silent", "--show-error", "--include", "--http1.1"));
        command.addAll(List.of("--no-buffer", "--max-time", "20"));
        command.addAll(List.of("--cacert", certificate.pem().toString()));
        command.addAll(arguments);
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        process.waitFor();
        return Files.readString(output, ISO_8859_1);
    }

    private static List<String> with(String[] first, String... more) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(more));
        return all;
    }

    private String http(String path) {
        return "http://127.0.0.1:" + plain.port() + path;
    }

    @Test
    void anUpgradeIsAccepted() throws Exception {
        assertUpgraded(curl(with(UPGRADE, http("/ws"))));
    }

    @Test
    void anUpgradeByTlsIsAccepted() throws Exception {
        assertUpgraded(curl(with(UPGRADE, "https://127.0.0.1:" + secure.port() + "/ws")));
    }

    @Test
    void theHostNameThatCurlSendsByTlsIsFound() throws Exception {
        for (String host : List.of("tenon.example", "other.example")) {
            String address = host + ":" + secure.port();
            String response = curl(with(UPGRADE, "--resolve", address + ":127.0.0.1", "https://" + address + "/ws"));
            if (host.equals("tenon.example")) {
                assertUpgraded(response);
            } else {
                assertEquals("", response);
            }
        }
    }

    private static void assertUpgraded(String response) {
        assertTrue(response.startsWith("HTTP/1.1 101 Switching Protocols\r\n"), response);
        assertTrue(response.contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), response);
        assertTrue(response.endsWith("\r\n\r\n\u0081\u0005Hello\u0088\u0002\u0003\u00e8"), response);
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==, /ws, 400",
        "Host: a b, /ws, 400",
        "Origin: https://elsewhere.example, /ws, 403",
        "Content-Length: 5, /ws, 400",
        "Transfer-Encoding: gzip, /ws, 501",
        "Origin: http://127.0.0.1, /ws, 403",
        "X: y, /elsewhere, 200",
    })
    void aBadUpgradeIsRefused(String header, String path, int status) throws Exception {
        String response = curl(with(UPGRADE, "--header", header, http(path)));
        assertTrue(response.startsWith("HTTP/1.1 " + status + " "), response);
        assertEquals(status >= 400, response.contains("\r\nConnection: close\r\n"), response);
    }

    @Test
    void anotherVersionIsRefusedWithTheRightOne() throws Exception {
        String[] old = UPGRADE.clone();
        old[old.length - 1] = "Sec-WebSocket-Version: 8";
        String response = curl(with(old, http("/ws")));
        assertTrue(response.startsWith("HTTP/1.1 426 Upgrade Required\r\n"), response);
        assertTrue(response.contains("\r\nSec-WebSocket-Version: 13\r\n"), response);
    }

    @Test
    void aHeadThatIsTooLongIsRefused() throws Exception {
        String response = curl(List.of("--header", "X: " + "x".repeat(9000), http("/")));
        assertTrue(response.startsWith("HTTP/1.1 431 "), response);
        response = curl(List.of(http("/" + "x".repeat(8100))));
        assertTrue(response.startsWith("HTTP/1.1 414 "), response);
    }

    @Test
    void plainRequestsShareAConnection() throws Exception {
        String responses = curl(List.of("--write-out", "|%{num_connects}|", http("/a"), http("/b?c=d")));
        assertEquals(2, count(responses, "HTTP/1.1 200 OK\r\n"), responses);
        assertTrue(responses.contains("\r\n\r\nGET /a 0|1|"), responses);
        assertTrue(responses.endsWith("\r\n\r\nGET /b?c=d 0|0|"), responses);
    }

    @Test
    void theOldVersionOfHttpIsAnsweredToo() throws Exception {
        String response = curl(List.of("--http1.0", http("/a")));
        assertTrue(response.contains(" 200 OK\r\n") && response.endsWith("\r\n\r\nGET /a 0"), response);
        assertTrue(response.contains("\r\nConnection: close\r\n"), response);
    }

    @Test
    void bodiesAreReadByLengthInChunksAndAfterAContinue() throws Exception {
        Path body = Files.write(folder.resolve("body"), new byte[300_000]);
        String data = "@" + body;
        String byLength = curl(List.of("--header", "Expect:", "--data-binary", data, http("/")));
        assertTrue(byLength.startsWith("HTTP/1.1 200 OK\r\n") && byLength.endsWith("POST / 300000"), byLength);
        String inChunks = curl(List.of(
                "--header", "Expect:", "--header", "Transfer-Encoding: chunked", "--data-binary", data, http("/")));
        assertTrue(inChunks.startsWith("HTTP/1.1 200 OK\r\n") && inChunks.endsWith("POST / 300000"), inChunks);
        String invited = curl(List.of("--header", "Expect: 100-continue", "--data-binary", data, http("/")));
        assertTrue(invited.startsWith("HTTP/1.1 100 "), invited);
        assertTrue(invited.contains("\r\n\r\nHTTP/1.1 200 OK\r\n") && invited.endsWith("POST / 300000"), invited);
    }

    @Test
    void headHasTheLengthAndNoBody() throws Exception {
        String response = curl(List.of("--head", "https://127.0.0.1:" + secure.port() + "/a"));
        assertTrue(response.startsWith("HTTP/1.1 200 OK\r\n") && response.endsWith("\r\n\r\n"), response);
        assertTrue(response.contains("\r\nContent-Length: 9\r\n"), response);
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }
}
