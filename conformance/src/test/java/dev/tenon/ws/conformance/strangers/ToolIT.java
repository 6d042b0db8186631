package dev.tenon.ws.conformance.strangers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.conformance.strangers.Tool.Result;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tool's commands: their output and their exit codes. */
@Tag("once")
class ToolIT {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        echo                                              | Missing required argument
        echo --port 70000                                 | 0 to 65535
        echo --port x                                     | not an int
        echo --port 0 --max-message 16MB                  | such as 16MiB
        echo --port 0 --max-message 9GiB                  | too much
        echo --port 0 --deflate perhaps                   | neither on nor off
        echo --port 0 --loops 0                           | 1 or more
        echo --port 0 --path ws                           | begins with a slash
        echo --port 0 --path /ws --any-path               | mutually exclusive
        echo --port 0 --host nosuch.invalid               | no host
        echo --port 0 --tls                               | --keystore
        echo --port 0 --keystore x --password-file y      | add --tls
        connect ftp://127.0.0.1/                          | ws:// or wss://
        connect http://127.0.0.1/ --insecure              | wss://
        connect ws://127.0.0.1/ --insecure                | wss://
        connect ws://127.0.0.1/ --header nonsense         | Name: value
        bench ftp://127.0.0.1/                            | ws:// or wss://
        bench ws://127.0.0.1/ -c 0                        | 1 to 100000
        bench ws://127.0.0.1/ --rate 0                    | 1 or more
        bench ws://127.0.0.1/ --rate 1 --depth 1          | mutually exclusive
        nonsense                                          | nonsense
        """)
    void anInvalidCommandPrintsOneLineAndExitsWith2(String command, String says) throws Exception {
        Result result = Tool.run("", command.split(" "));
        assertEquals(2, result.exitCode(), result.toString());
        assertEquals(1, result.errors().lines().count(), result.errors());
        assertTrue(result.errors().contains(says), result.errors());
    }

    @Test
    void aKeystoreThatCannotBeUsedIsOneLineAndExitCode2(@TempDir Path directory) throws Exception {
        TestKey key = TestKey.in(directory);
        String password = key.passwordFile().toString();
        String missing = directory.resolve("missing").toString();
        for (String[] wrong : new String[][] {
            {missing, password, "no keystore"},
            {password, password, "neither PKCS12 nor JKS"},
            {key.keystore().toString(), key.keystore().toString(), "not text"},
            {key.keystore().toString(), missing, "cannot be read"},
            {key.keystore().toString(), directory.resolve("wrong").toString(), "is not that of"},
        }) {
            java.nio.file.Files.writeString(directory.resolve("wrong"), "another password");
            Result result =
                    Tool.run("", "echo", "--port", "0", "--tls", "--keystore", wrong[0], "--password-file", wrong[1]);
            assertEquals(2, result.exitCode(), result.toString());
            assertEquals(1, result.errors().lines().count(), result.errors());
            assertTrue(result.errors().contains(wrong[2]), result.errors());
        }
    }

    @Test
    void aPortInUseIsOneLineAndExitCode2() throws Exception {
        try (Tool first = Tool.start("echo", "--port", "0")) {
            Result result = Tool.run("", "echo", "--port", Integer.toString(first.port()));
            assertEquals(2, result.exitCode(), result.toString());
            assertTrue(result.errors().contains("is in use"), result.errors());
        }
    }

    @Test
    void benchPrintsHowManyMessagesCameBackAndTheirRoundTripTimes() throws Exception {
        try (Tool echo = Tool.start("echo", "--port", "0")) {
            String uri = "ws://127.0.0.1:" + echo.port() + "/ws";
            Result result = Tool.run("", bench(uri, "--depth", "2", "--json"));
            assertEquals(0, result.exitCode(), result.toString());
            assertTrue(
                    result.output().matches("(?s)\\{.*\"messages\":[1-9].*\"p99Millis\":.*\"faults\":\\[]}\\s*"),
                    result.output());
            assertTrue(result.errors().contains("connected 3 in"), result.errors());
            Result tooSlow = Tool.run("", bench(uri, "--rate", "50", "--text", "--max-p99", "0.000001"));
            assertEquals(1, tooSlow.exitCode(), tooSlow.toString());
            assertTrue(tooSlow.output().contains("p99.9"), tooSlow.output());
            assertTrue(tooSlow.errors().contains("above --max-p99"), tooSlow.errors());
        }
    }

    @Test
    void benchFailsWhereTheServerDoesNotEcho() throws Exception {
        try (Tool broadcast = Tool.start("broadcast", "--port", "0", "--path", "/all")) {
            Result said = Tool.run("", bench("ws://127.0.0.1:" + broadcast.port() + "/all"));
            assertEquals(1, said.exitCode(), said.toString());
            assertTrue(said.errors().matches("(?s).*(does not echo|connections? ha(s|ve) ended).*"), said.errors());
        }
    }

    private static String[] bench(String uri, String... options) {
        List<String> arguments = new ArrayList<>(List.of("bench", uri, "-c", "3", "-d", "0.5", "--warm-up", "0.1"));
        arguments.addAll(List.of(options));
        return arguments.toArray(String[]::new);
    }

    @Test
    void sigtermClosesEveryConnectionWith1001AndExits0() throws Exception {
        try (Tool echo = Tool.start("echo", "--port", "0")) {
            CompletableFuture<Integer> closed = new CompletableFuture<>();
            HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + echo.port() + "/ws"), new WebSocket.Listener() {
                        @Override
                        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
                            closed.complete(code);
                            return null;
                        }
                    })
                    .join();
            echo.terminate();
            assertEquals(1001, closed.get(20, TimeUnit.SECONDS));
            Result result = echo.end();
            assertEquals(0, result.exitCode(), result.toString());
            assertEquals("", result.errors());
        }
    }

    @Test
    void broadcastSendsEveryMessageToAllConnections() throws Exception {
        try (Tool broadcast = Tool.start("broadcast", "--port", "0", "--path", "/all", "--loops", "2")) {
            URI uri = URI.create("ws://127.0.0.1:" + broadcast.port() + "/all");
            List<CompletableFuture<String>> firstMessages = new ArrayList<>();
            List<WebSocket> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                CompletableFuture<String> first = new CompletableFuture<>();
                firstMessages.add(first);
                clients.add(HttpClient.newHttpClient()
                        .newWebSocketBuilder()
                        .buildAsync(uri, new WebSocket.Listener() {
                            @Override
                            public @Nullable CompletionStage<?> onText(
                                    WebSocket webSocket, CharSequence data, boolean last) {
                                first.complete(data.toString());
                                return null;
                            }
                        })
                        .join());
            }
            clients.get(1).sendText("to all", true).join();
            for (CompletableFuture<String> first : firstMessages) {
                assertEquals("to all", first.get(20, TimeUnit.SECONDS));
            }
            clients.forEach(WebSocket::abort);
        }
    }

    @Test
    void echoTakes16MibOnAnyPath() throws Exception {
        try (Tool echo = Tool.start(
                "echo", "--port", "0", "--any-path", "--any-origin", "--max-message", "16MiB", "--deflate", "off")) {
            CompletableFuture<Long> echoed = new CompletableFuture<>();
            WebSocket client = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + echo.port() + "/some/where"), new WebSocket.Listener() {
                        private long bytes;

                        @Override
                        public @Nullable CompletionStage<?> onBinary(
                                WebSocket webSocket, ByteBuffer data, boolean last) {
                            bytes += data.remaining();
                            if (last) {
                                echoed.complete(bytes);
                            }
                            webSocket.request(1);
                            return null;
                        }
                    })
                    .join();
            client.sendBinary(ByteBuffer.allocate(16 << 20), true).join();
            assertEquals(16L << 20, echoed.get(60, TimeUnit.SECONDS));
            client.abort();
        }
    }

    @Test
    void connectSendsLinesAndPrintsAllResponsesBeforeItCloses() throws Exception {
        try (Tool echo = Tool.start("echo", "--port", "0")) {
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < 2_000; i++) {
                lines.append("line ").append(i).append(" Grüße\n");
            }
            Result result = Tool.run(lines.toString(), "connect", "ws://127.0.0.1:" + echo.port() + "/ws");
            assertEquals(0, result.exitCode(), result.errors());
            assertEquals(lines.toString(), result.output());
        }
    }

    @Test
    void connectShowsTheHandshakeAndEachFrameBothWays() throws Exception {
        try (Tool echo = Tool.start("echo", "--port", "0")) {
            Result result = Tool.run(
                    "hello\n//slash\n/ping x\n/close 4000 enough\n",
                    "connect",
                    "-v",
                    "--deflate",
                    "off",
                    "--header",
                    "X-Test: yes",
                    "ws://127.0.0.1:" + echo.port() + "/ws");
            assertEquals(0, result.exitCode(), result.errors());
            for (String expected : new String[] {
                "> GET /ws HTTP/1\\.1",
                "> X-Test: yes",
                "< HTTP/1\\.1 101 Switching Protocols",
                "> FIN TEXT length=5 mask=[0-9a-f]{8} \"hello\"",
                "< FIN TEXT length=5 \"hello\"",
                "> FIN TEXT length=6 mask=[0-9a-f]{8} \"/slash\"",
                "< FIN PONG length=1 \"x\"",
                "> FIN CLOSE length=8 mask=[0-9a-f]{8} code=4000 \"enough\"",
                "< FIN CLOSE length=8 code=4000 \"enough\"",
                "closed: 4000 \"enough\""
            }) {
                assertTrue(
                        result.errors().lines().anyMatch(line -> line.matches(expected)), expected + result.errors());
            }
        }
    }

    @Test
    void connectPrintsTheReasonOfARefusalAndExits1() throws Exception {
        try (Tool echo = Tool.start("echo", "--port", "0")) {
            String elsewhere = "ws://127.0.0.1:" + echo.port() + "/elsewhere";
            Result result = Tool.run("", "connect", elsewhere);
            assertEquals(1, result.exitCode());
            assertEquals("ws connect: refused with 404 Not Found: Not found.\n", result.errors());
        }
    }

    @Test
    void connectAndEchoSpeakTls(@TempDir Path directory) throws Exception {
        TestKey key = TestKey.in(directory);
        String store = key.keystore().toString();
        String password = key.passwordFile().toString();
        try (Tool echo = Tool.start("echo", "--port", "0", "--tls", "--keystore", store, "--password-file", password)) {
            String uri = "wss://localhost:" + echo.port() + "/ws";
            Result trusted = Tool.run("hello\n", "connect", uri, "--truststore", store, "--password-file", password);
            assertEquals("hello\n", trusted.output(), trusted.errors());
            assertEquals(0, trusted.exitCode());
            Result insecure = Tool.run("hello\n", "connect", uri, "--insecure");
            assertEquals("hello\n", insecure.output(), insecure.errors());
            Result strict = Tool.run("hello\n", "connect", uri);
            assertEquals(1, strict.exitCode());
            assertTrue(strict.errors().contains("--truststore"), strict.errors());
        }
    }

    @Test
    void theDemoServesItsPageAndNothingElse() throws Exception {
        try (Tool demo = Tool.start("demo", "--port", "0")) {
            String base = "http://127.0.0.1:" + demo.port();
            String page = get(base + "/").body();
            assertTrue(page.contains("<!doctype html>"), page);
            assertTrue(!page.contains("https://"), "the page needs nothing from elsewhere");
            assertEquals(404, get(base + "/nothing").statusCode());
            assertEquals(426, get(base + "/ws").statusCode());
        }
    }

    private static java.net.http.HttpResponse<String> get(String uri) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        java.net.http.HttpRequest.newBuilder(URI.create(uri)).build(),
                        java.net.http.HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }
}
