package dev.tenon.ws.conformance.strangers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.conformance.strangers.Tool.Result;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.server.UpgradeExchange;
import dev.tenon.ws.server.UpgradeResponse;
import dev.tenon.ws.server.WebSocketServer;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Tests {@code ./ws connect} with pipes, limits, and options for the connection. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("once")
class ConnectIT {
    private static final String BASIC = "Basic " + Base64.getEncoder().encodeToString("ada:secret".getBytes(UTF_8));

    private @Nullable WebSocketServer server;
    private int port;
    private String uri = "";

    /** Echoes; a text "who" gets the request's headers back. */
    private record EchoListener(String headers) implements WebSocketListener {
        @Override
        public void onText(WebSocket webSocket, String text) {
            webSocket.sendText(text.equals("who") ? headers : text);
        }

        @Override
        public void onBinary(WebSocket webSocket, ByteBuffer data) {
            webSocket.sendBinary(data);
        }
    }

    @BeforeAll
    void start() throws Exception {
        server = WebSocketServer.builder()
                .listen(new InetSocketAddress("127.0.0.1", 0))
                .route("/echo", upgrade -> upgrade.accept(new EchoListener(headers(upgrade))))
                .route(
                        "/old",
                        upgrade -> upgrade.refuse(302, "moved")
                                .withHeader("Location", "/secret")
                                .withHeader("Set-Cookie", "seen=yes"))
                .route("/secret", ConnectIT::secret)
                .start();
        port = server.port();
        uri = "ws://127.0.0.1:" + port;
    }

    @AfterAll
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static UpgradeResponse secret(UpgradeExchange upgrade) {
        return BASIC.equals(upgrade.headers().first("Authorization"))
                ? upgrade.accept(new EchoListener(headers(upgrade)))
                : upgrade.refuse(401, "who are you").withHeader("WWW-Authenticate", "Basic realm=\"test\"");
    }

    private static String headers(UpgradeExchange upgrade) {
        return "X-One=" + upgrade.headers().first("X-One") + " X-Two="
                + upgrade.headers().first("X-Two") + " Cookie="
                + upgrade.headers().first("Cookie");
    }

    @Test
    void bytesGoInAndOutOfPipesAsTheyAre() throws Exception {
        byte[] bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        assertArrayEquals(bytes, Tool.pipe(bytes, "connect", "--binary", "--chunk", "10000", uri + "/echo"));
    }

    @Test
    void eachEventIsALineOfJson() throws Exception {
        Result result = Tool.run("one \"1\"\n/binary 00ff\n/ping x\n", "connect", "--json", uri + "/echo");
        assertEquals(0, result.exitCode(), result.errors());
        String[] expected = {
            "\\{\"type\":\"open\",\"millis\":.*\"url\":\"ws://127.*\"took\":\\{.*\"open\":[0-9.]+}}",
            "\\{\"type\":\"text\",\"millis\":[0-9.]+,\"data\":\"one \\\\\"1\\\\\"\"}",
            "\\{\"type\":\"binary\",\"millis\":[0-9.]+,\"bytes\":2,\"base64\":\"AP8=\"}",
            "\\{\"type\":\"pong\",\"millis\":[0-9.]+,\"data\":\"x\",\"roundTripMillis\":[0-9.]+}",
            "\\{\"type\":\"close\",\"millis\":[0-9.]+,\"code\":1000,\"reason\":\"\",\"clean\":true}",
        };
        assertEquals(expected.length, result.output().lines().count(), result.output());
        for (String line : expected) {
            assertTrue(
                    result.output().lines().anyMatch(printed -> printed.matches(line)), line + "\n" + result.output());
        }
    }

    @Test
    void aCountOrATimeEndsIt() throws Exception {
        Result counted = Tool.run("1\n2\n3\n", "connect", "--no-close", "--count", "2", uri + "/echo");
        assertEquals("1\n2\n", counted.output(), counted.errors());
        assertEquals(0, counted.exitCode(), counted.errors());
        Result late = Tool.run("1\n", "connect", "--no-close", "--count", "2", "--max-time", "0.5", uri + "/echo");
        assertEquals(1, late.exitCode(), late.errors());
    }

    @Test
    void aCloseWithAnErrorCodeIsAFailure() throws Exception {
        Result result = Tool.run("x".repeat(1_100_000) + "\n", "connect", uri + "/echo");
        assertTrue(result.errors().contains("closed: 1009 (message too big)"), result.errors());
        assertEquals(1, result.exitCode(), result.errors());
    }

    @Test
    void anOutputThatIsClosedEndsIt() throws Exception {
        try (Tool tool = Tool.start("connect", uri + "/echo")) {
            tool.say("one\n");
            assertEquals("one", tool.line());
            tool.closeOutput();
            tool.say("two\n");
            Result result = tool.result();
            assertTrue(result.errors().contains("the standard output is closed"), result.errors());
            assertEquals(1, result.exitCode(), result.errors());
        }
    }

    @Test
    void messagesAreUtf8InAnyLocale() throws Exception {
        Result result = Tool.run(Map.of("LC_ALL", "C"), "Grüße, 世界\n", "connect", "-v", uri + "/echo");
        assertEquals("Grüße, 世界\n", result.output());
        assertTrue(result.errors().contains("\"Grüße, 世界\""), result.errors());
    }

    @Test
    void theTimingsOfEachStepAndInflatedPayloadsAreShown() throws Exception {
        String long1 = "the same words again and again, ".repeat(20);
        try (Tool echo = Tool.start("echo", "--port", "0")) {
            Result result = Tool.run(long1 + "\n", "connect", "-v", "ws://127.0.0.1:" + echo.port() + "/ws");
            assertTrue(
                    result.errors()
                            .lines()
                            .anyMatch(line -> line.matches("took look-up .* ms, connection .* in all .* ms")),
                    result.errors());
            for (String direction : new String[] {">", "<"}) {
                assertTrue(
                        result.errors()
                                .lines()
                                .anyMatch(line -> line.matches(direction
                                        + " FIN RSV1 TEXT length=.* inflated=\"the same words again.*\"\\.\\.\\.")),
                        result.errors());
            }
        }
    }

    @Test
    void headersAndCookiesComeFromFilesToo(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("headers"), "# secrets\nX-One: 1\n\nX-Two: 2\n");
        Result result = Tool.run(
                "who\n", "connect", "--header", "@" + file, "--cookie", "a=b", "--cookie", "c=d", uri + "/echo");
        assertEquals("X-One=1 X-Two=2 Cookie=a=b; c=d\n", result.output(), result.errors());
    }

    @Test
    void redirectsAreFollowedAndChallengesAnswered(@TempDir Path folder) throws Exception {
        Result result = Tool.run("who\n", "connect", "--location", "--user", "ada:secret", uri + "/old");
        assertEquals("X-One=null X-Two=null Cookie=seen=yes\n", result.output(), result.errors());
        Result refused = Tool.run("", "connect", uri + "/secret");
        assertEquals(1, refused.exitCode());
        assertTrue(refused.errors().contains("--user"), refused.errors());
        Result redirected = Tool.run("", "connect", uri + "/old");
        assertTrue(redirected.errors().contains("--location"), redirected.errors());
        Path file = Files.writeString(folder.resolve("user"), "ada:secret\n");
        assertEquals(
                "hi\n",
                Tool.run("hi\n", "connect", "--user", "@" + file, uri + "/secret")
                        .output());
    }

    @Test
    void aProxyGetsItsPassword() throws Exception {
        try (TunnelProxy proxy = TunnelProxy.start("p", "q")) {
            Result result =
                    Tool.run("hi\n", "connect", "--proxy", "http://p:q@127.0.0.1:" + proxy.port(), uri + "/echo");
            assertEquals("hi\n", result.output(), result.errors());
            assertEquals(1, proxy.tunnels());
            Result refused = Tool.run("", "connect", "--proxy", "127.0.0.1:" + proxy.port(), uri + "/echo");
            assertEquals(1, refused.exitCode());
            assertTrue(refused.errors().contains("407"), refused.errors());
            assertTrue(refused.errors().contains("give --proxy with NAME:PASSWORD@"), refused.errors());
        }
        Result none = Tool.run("", "connect", "--proxy", "127.0.0.1:1", uri + "/echo");
        assertEquals(1, none.exitCode());
        assertTrue(none.errors().contains("cannot connect to the proxy 127.0.0.1:1"), none.errors());
        assertTrue(!none.errors().contains("nothing listens"), none.errors());
    }

    @Test
    void hostsAndFamiliesAreChosen() throws Exception {
        String elsewhere = "ws://tenon.localhost:" + port + "/echo";
        Result result = Tool.run("hi\n", "connect", "--resolve", "tenon.localhost:127.0.0.1", "-4", elsewhere);
        assertEquals("hi\n", result.output(), result.errors());
        Result none = Tool.run("", "connect", "--resolve", "tenon.localhost:127.0.0.1", "-6", elsewhere);
        assertEquals(1, none.exitCode(), none.errors());
        assertTrue(none.errors().contains("-4 or -6"), none.errors());
    }

    @Test
    void aConnectToAUnixSocketWorks(@TempDir Path folder) throws Exception {
        String file = folder.resolve("echo.sock").toString();
        try (Tool echo = Tool.start("echo", "--unix-socket", file)) {
            assertEquals("listening ws://localhost/ws at " + file, echo.line());
            Result result = Tool.run("hi\n", "connect", "--unix-socket", file, "ws://localhost/ws");
            assertEquals("hi\n", result.output(), result.errors());
            assertEquals(0, result.exitCode());
        }
        Result none = Tool.run("", "connect", "--unix-socket", file, "ws://localhost/ws");
        assertEquals(1, none.exitCode(), none.errors());
        assertTrue(none.errors().contains("nothing listens at the socket '" + file + "'"), none.errors());
    }

    @Test
    void trustIsGivenInPem(@TempDir Path folder) throws Exception {
        TestKey key = TestKey.in(folder);
        Path pem = pem(folder, key);
        String password = key.passwordFile().toString();
        String[] listen = {
            "echo", "--port", "0", "--tls", "--keystore", key.keystore().toString(), "--password-file", password
        };
        try (Tool echo = Tool.start(listen)) {
            String wss = "wss://localhost:" + echo.port() + "/ws";
            Result result = Tool.run("hi\n", "connect", "--cacert", pem.toString(), "--timings", wss);
            assertEquals("hi\n", result.output(), result.errors());
            assertTrue(result.errors().matches("(?s).* TLS [0-9.]+ ms,.*; TLSv1.3, TLS_.*"), result.errors());
        }
    }

    static Path pem(Path folder, TestKey key) throws Exception {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(key.key().certificate().getEncoded());
        return Files.writeString(
                folder.resolve("trusted.pem"),
                "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n");
    }
}
