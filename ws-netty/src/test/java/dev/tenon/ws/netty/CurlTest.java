package dev.tenon.ws.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.server.HostedRoutesBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** curl with nghttp2 asks for plain resources, and for the route of a WebSocket, on one port. */
@Tag("once")
class CurlTest {
    private static final List<String> CURL =
            List.of("curl", "--silent", "--show-error", "--include", "--max-time", "60");

    private NettyServer clear;
    private NettyServer secured;

    @BeforeAll
    static void findCurl() throws Exception {
        assumeTrue(hasHttp2(), "NOT TESTED with curl: no curl with HTTP/2 is installed");
    }

    @BeforeEach
    void start() throws Exception {
        clear = NettyServer.builder().loops(1).routes(CurlTest::addTo).start();
        secured = NettyServer.builder()
                .tls(ServerAndClient.certificate(), ServerAndClient.key())
                .loops(1)
                .routes(CurlTest::addTo)
                .start();
    }

    private static void addTo(HostedRoutesBuilder routes) {
        routes.route("/ws", upgrade -> upgrade.accept(new RecordingListener()))
                .get("/plain", request -> HttpResponse.text(200, "hello\n"));
    }

    private static boolean hasHttp2() throws InterruptedException {
        try {
            return run(List.of("curl", "--version")).contains("nghttp2");
        } catch (IOException e) {
            return false;
        }
    }

    @AfterEach
    void stop() {
        clear.close();
        secured.close();
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), ISO_8859_1);
        process.waitFor();
        return said.toLowerCase(Locale.ROOT);
    }

    private static String curl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(CURL);
        command.addAll(Arrays.asList(arguments));
        return run(command);
    }

    private String overClear(String path, String... options) throws IOException, InterruptedException {
        return curl(with(options, "http://127.0.0.1:" + clear.port() + path));
    }

    /** The certificate is for another name than the address, so curl does not verify it. */
    private String overTls(String path, String... options) throws IOException, InterruptedException {
        return curl(with(options, "--insecure", "https://127.0.0.1:" + secured.port() + path));
    }

    private static String[] with(String[] options, String... more) {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of(more));
        return all.toArray(new String[0]);
    }

    @Test
    void bothVersionsAreOnOnePort() throws Exception {
        assertTrue(overClear("/plain", "--http1.1").startsWith("http/1.1 200 "));
        assertTrue(overClear("/plain", "--http2-prior-knowledge").startsWith("http/2 200"));
        assertTrue(overTls("/plain", "--http1.1").startsWith("http/1.1 200 "));
        assertTrue(overTls("/plain", "--http2").startsWith("http/2 200"));
    }

    /** RFC 9113 §3.1: an upgrade to h2c is obsolete; the server goes on with HTTP/1.1. */
    @Test
    void anUpgradeToHttp2IsIgnored() throws Exception {
        String response = overClear("/plain", "--http2");
        assertTrue(response.startsWith("http/1.1 200 "), response);
        assertTrue(response.endsWith("\r\n\r\nhello\n"), response);
    }

    @Test
    void aConnectionHasSeveralRequests() throws Exception {
        String url = "https://127.0.0.1:" + secured.port() + "/plain";
        String both = curl("--http2", "--insecure", url, url, url);
        long statuses =
                both.lines().filter(line -> line.startsWith("http/2 200")).count();
        assertEquals(3, statuses, both);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http1.1", "--http2"})
    void aResponseOverTlsNamesThePortOfHttp3(String version) throws Exception {
        String response = overTls("/plain", version);
        assertTrue(response.contains("alt-svc: h3=\":" + secured.port() + "\""), response);
        assertFalse(overClear("/plain", "--http1.1").contains("alt-svc"));
    }

    /** RFC 9113 §8.2.2: HTTP/2 has no Upgrade header, not even in a 426. */
    @Test
    void theRouteOfAWebSocketNeedsAnUpgradeInEitherVersion() throws Exception {
        String old = overClear("/ws", "--http1.1");
        assertTrue(old.startsWith("http/1.1 426 "), old);
        assertTrue(old.contains("upgrade: websocket"), old);
        String response = overClear("/ws", "--http2-prior-knowledge");
        assertTrue(response.startsWith("http/2 426"), response);
        String fields = response.lines().takeWhile(line -> !line.isEmpty()).collect(Collectors.joining("\n"));
        assertFalse(fields.contains("upgrade:") || fields.contains("connection:"), fields);
    }

    /** What a user tries first: curl takes HTTP/2, which has no such request (RFC 8441 §5). */
    @Test
    void anUpgradeOverHttp2OpensNoWebSocket() throws Exception {
        String response = overTls(
                "/ws",
                "--http2",
                "--header",
                "Connection: Upgrade",
                "--header",
                "Upgrade: websocket",
                "--header",
                "Sec-WebSocket-Version: 13",
                "--header",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
        assertFalse(response.startsWith("http/2 2"), response);
        assertTrue(overTls("/plain", "--http2").startsWith("http/2 200"));
    }
}
