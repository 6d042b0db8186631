package dev.tenon.ws.cli.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.keys.TestKey;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.netty.NettyClient;
import dev.tenon.ws.suite.Exclusions;
import dev.tenon.ws.suite.Report;
import dev.tenon.ws.suite.Selection;
import dev.tenon.ws.suite.Settings;
import dev.tenon.ws.suite.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The conformance suite over HTTP/3, against the client of ws-netty. */
class TenonHttp3ClientTest {
    /** What Netty's codec does. */
    private static final Exclusions OF_NETTY = Exclusions.parse(List.of(
            "24.2.5 Netty's codec does not report a frame of HTTP/3 that is cut off",
            "24.6.8 Netty's codec reports H3_FRAME_UNEXPECTED instead of H3_ID_ERROR"));

    private static final Settings LONG_TIMEOUTS = Settings.DEFAULT
            .withTimeouts(Duration.ofSeconds(3), Duration.ofSeconds(10))
            .withExclusions(OF_NETTY);

    /** Some cases of each chapter; all of them, except those that send megabytes, with {@code -Dhttp3.cases=fast}. */
    @Test
    void casesOfEveryChapterAreOkInAStream(@TempDir Path folder) throws Exception {
        boolean all = System.getProperty("http3.cases", "some").equals("fast");
        Selection selection = all
                ? Selection.FAST
                : Selection.of(
                        "1.1", "2", "5.1", "6.1", "7.1", "7.9", "9.1.1", "12.1.1", "14.1", "15.1", "16.1", "24", "25");
        TestKey key = TestKey.make(folder, "localhost");
        try (NettyClient client = NettyClient.builder()
                .version(HttpVersion.HTTP_3)
                .trust(certificate(key, folder))
                .options(Echo.OPTIONS)
                .extensions(Extensions.load())
                .build()) {
            Report report = ClientRun.play(
                    key, LONG_TIMEOUTS, selection, Path.of("target", "report-client-h3"), uri -> connect(client, uri));
            assertEquals(List.of(), report.red(), report.summary());
            assertEquals(List.of(), report.unneededExclusions());
            assertEquals(0, report.count(Verdict.UNIMPLEMENTED), report.summary());
            assertTrue(report.count() > (all ? 900 : 150), report.summary());
        }
    }

    private static Path certificate(TestKey key, Path folder) throws Exception {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(key.certificate().getEncoded());
        return Files.writeString(
                folder.resolve("trusted.pem"),
                "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n");
    }

    /** Echoes until the connection has ended; a failed handshake is one of the cases. */
    private static String connect(NettyClient client, String uri) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Echo echo = new Echo() {
            @Override
            public void onText(WebSocket webSocket, String received) {
                text.complete(received);
                super.onText(webSocket, received);
            }
        };
        try {
            client.connect(uri, echo).orTimeout(30, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            return "";
        }
        echo.ended.orTimeout(60, TimeUnit.SECONDS).join();
        return text.getNow("");
    }
}
