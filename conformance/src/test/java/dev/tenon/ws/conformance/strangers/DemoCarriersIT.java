package dev.tenon.ws.conformance.strangers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.netty.NettyClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code ./ws demo --http3}: the page's two WebSockets over each version of HTTP, on one port. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("once")
class DemoCarriersIT {
    private Tool demo;
    private int port;
    private Path trusted;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        demo = Tool.startWithNetty("demo", "--http3", "--port", "0");
        port = demo.port();
        trusted = folder.resolve("certificate.pem");
        Files.writeString(trusted, pem(certificate()));
    }

    @AfterAll
    void stop() throws Exception {
        demo.close();
    }

    private static String pem(Certificate certificate) throws GeneralSecurityException {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }

    /** The certificate that the demo has created for this run. */
    private Certificate certificate() throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new AnyCertificate()}, null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    private static final class AnyCertificate implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static final class Log implements WebSocketListener {
        final BlockingQueue<String> events = new LinkedBlockingQueue<>();

        @Override
        public void onText(WebSocket webSocket, String text) {
            events.add(text);
        }

        String next() throws InterruptedException {
            return String.valueOf(events.poll(60, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @EnumSource(value = HttpVersion.class, names = "HTTP_1_0", mode = EnumSource.Mode.EXCLUDE)
    void theViewShowsTheCarrierOfTheEchoAndItsBytes(HttpVersion version) throws Exception {
        try (NettyClient client =
                NettyClient.builder().trust(trusted).version(version).build()) {
            String base = "wss://127.0.0.1:" + port;
            String id = "carrier-" + version.name();
            Log view = new Log();
            client.connect(base + "/frames?id=" + id, view).get(60, TimeUnit.SECONDS);
            assertEquals("{\"type\":\"ready\"}", view.next());
            Log echo = new Log();
            WebSocket webSocket =
                    client.connect(base + "/ws?deflate=off&id=" + id, echo).get(60, TimeUnit.SECONDS);
            assertEquals("{\"type\":\"carrier\",\"text\":\"" + version + "\"}", view.next());
            webSocket.sendText("hello");
            assertEquals("hello", echo.next());
            String method = version == HttpVersion.HTTP_1_1 ? "GET" : "CONNECT";
            String request = view.next();
            assertTrue(request.contains("\"head\"") && request.contains(method + " /ws?deflate=off"), request);
            String response = view.next();
            assertTrue(response.contains("\"head\"") && response.contains(version + " "), response);
            String sent = view.next();
            assertTrue(sent.contains("\"masked\":true") && sent.contains("68656c6c6f"), sent);
            String back = view.next();
            assertTrue(back.contains("\"masked\":false") && back.contains("68656c6c6f"), back);
        }
    }

    @Test
    void itPrintsHowToStartABrowser() throws Exception {
        try (Tool another = Tool.startWithNetty("demo", "--http3", "--port", "0")) {
            int itsPort = another.port();
            assertEquals("open https://127.0.0.1:" + itsPort + "/ in a browser; Ctrl-C ends it", another.line());
            assertTrue(another.line().startsWith("the certificate is of this run only"), "what the certificate is");
            String command = another.line();
            assertTrue(
                    command.contains(" --origin-to-force-quic-on=127.0.0.1:" + itsPort + " ")
                            && command.contains(" --ignore-certificate-errors-spki-list="),
                    command);
            another.terminate();
            assertEquals(0, another.end().exitCode());
        }
    }

    @Test
    void withoutTheModuleTheToolNamesIt() throws Exception {
        Tool.Result result = Tool.run("", "demo", "--http3", "--port", "0");
        assertEquals(2, result.exitCode());
        assertTrue(result.errors().contains("ws-cli-netty"), result.errors());
    }
}
