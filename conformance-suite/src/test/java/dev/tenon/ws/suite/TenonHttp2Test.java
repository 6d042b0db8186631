package dev.tenon.ws.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.keys.TestKey;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.netty.NettyServer;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The server of ws-netty, over HTTP/2 and over TLS. */
@Execution(ExecutionMode.CONCURRENT)
class TenonHttp2Test {
    private static final Settings LONG_TIMEOUTS =
            Settings.DEFAULT.withTimeouts(Duration.ofSeconds(3), Duration.ofSeconds(10));

    @Test
    void everyFastCaseIsOkInAStream() throws Exception {
        Report report = play(Carrier.HTTP_2, Selection.FAST, null, null);
        report.write(Path.of("target", "report-http2"));
        assertEquals(List.of(), report.red(), report.summary());
        assertEquals(0, report.count(Verdict.UNIMPLEMENTED), report.summary());
        assertTrue(report.count() > 900, report.summary());
    }

    @ParameterizedTest
    @EnumSource(names = "HTTP_3", mode = EnumSource.Mode.EXCLUDE)
    void casesOfEveryChapterAreOkBehindTls(Carrier carrier, @TempDir Path folder) throws Exception {
        TestKey key = TestKey.make(folder, "localhost");
        Selection some = Selection.of(
                "1.1", "2", "5.1", "6.1", "7.1", "7.9", "9.1.1", "12.1.1", "14.1", "15.1", "17.1", "20", "21.1", "21.2",
                "21.7");
        Report report = play(carrier, some, server(key), key.trusting(key));
        assertEquals(List.of(), report.red(), report.summary());
    }

    private static SslContext server(TestKey key) throws Exception {
        return SslContextBuilder.forServer((PrivateKey) key.privateKey(), (X509Certificate) key.certificate())
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        "h2",
                        "http/1.1"))
                .build();
    }

    private static Report play(
            Carrier carrier, Selection selection, @Nullable SslContext server, @Nullable SSLContext client)
            throws Exception {
        var builder = NettyServer.builder()
                .routes(routes -> routes.options(TenonEcho.OPTIONS)
                        .extensions(Extensions.load())
                        .route("/{path...}", upgrade -> upgrade.accept(new TenonEcho.Echo())));
        if (server != null) {
            builder.tls(server);
        }
        NettyServer echo = builder.start();
        try {
            String uri = (client == null ? "ws" : "wss") + "://127.0.0.1:" + echo.port() + "/";
            return new FuzzingClient(URI.create(uri), LONG_TIMEOUTS, carrier, client)
                    .run(selection, "Tenon", (id, verdict, played, all) -> {});
        } finally {
            echo.stop(Duration.ZERO);
        }
    }
}
