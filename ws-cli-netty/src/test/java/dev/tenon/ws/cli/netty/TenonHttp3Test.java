package dev.tenon.ws.cli.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.netty.NettyServer;
import dev.tenon.ws.suite.Exclusions;
import dev.tenon.ws.suite.FuzzingClient;
import dev.tenon.ws.suite.Report;
import dev.tenon.ws.suite.Selection;
import dev.tenon.ws.suite.Settings;
import dev.tenon.ws.suite.Verdict;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

/** The conformance suite over HTTP/3, against the server of ws-netty. */
class TenonHttp3Test {
    /** Netty's codec does not compare the end of a stream with the frames on it. */
    private static final Exclusions OF_NETTY =
            Exclusions.parse(List.of("24.2.5 Netty's codec does not report a frame of HTTP/3 that is cut off"));

    private static final Settings LONG_TIMEOUTS = Settings.DEFAULT
            .withTimeouts(Duration.ofSeconds(3), Duration.ofSeconds(10))
            .withExclusions(OF_NETTY);

    /** Some cases of each chapter; all of them, except those that send megabytes, with {@code -Dhttp3.cases=fast}. */
    @Test
    void casesOfEveryChapterAreOkInAStream() throws Exception {
        boolean all = System.getProperty("http3.cases", "some").equals("fast");
        Report report = play(
                all
                        ? Selection.FAST
                        : Selection.of(
                                "1.1", "2", "5.1", "6.1", "7.1", "7.9", "9.1.1", "12.1.1", "14.1", "15.1", "16.1", "23",
                                "24.1", "24.2.1", "24.2.2", "24.2.3", "24.2.4", "24.2.6", "24.3", "24.4", "24.5",
                                "24.6", "24.7"));
        report.write(Path.of("target", "report-http3"));
        assertEquals(List.of(), report.red(), report.summary());
        assertEquals(List.of(), report.unneededExclusions());
        assertEquals(0, report.count(Verdict.UNIMPLEMENTED), report.summary());
        assertTrue(report.count() > (all ? 900 : 150), report.summary());
    }

    static TrustManager trusting(DemoKey key) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(key.certificates())) {
            store.setCertificateEntry(
                    "demo", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust.getTrustManagers()[0];
    }

    private static Report play(Selection selection) throws Exception {
        try (DemoKey key = DemoKey.make()) {
            NettyServer echo = NettyServer.builder()
                    .tls(key.certificates(), key.key())
                    .loops(1)
                    .routes(routes -> routes.options(Echo.OPTIONS)
                            .extensions(Extensions.load())
                            .route("/{path...}", upgrade -> upgrade.accept(new Echo())))
                    .start();
            try {
                URI uri = URI.create("wss://127.0.0.1:" + echo.port() + "/");
                return new FuzzingClient(uri, LONG_TIMEOUTS, new NettyQuic(), trusting(key))
                        .run(selection, "Tenon", (id, verdict, played, all) -> {});
            } finally {
                echo.stop(Duration.ZERO);
            }
        }
    }
}
