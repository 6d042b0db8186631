package dev.tenon.ws.conformance.strangers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.conformance.peers.Certificate;
import dev.tenon.ws.conformance.peers.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Headless Chromium's WebSocket over HTTP/2 (RFC 8441) against the example host. HAProxy ends TLS in front of it, and passes
 * on bytes alone: the host speaks nothing but HTTP/2, so a WebSocket that opens at all has come in a stream.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class Http2BrowserIT {
    private Program host;
    private Program tls;
    private Browser browser;
    private int port;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        String haproxy = Program.installed("haproxy");
        browser = Browser.start(folder.resolve("profile"));
        host = Program.example("NettyHttp2Host");
        port = Program.freePort();
        Path configuration = folder.resolve("haproxy.cfg");
        Files.writeString(
                configuration, """
                defaults
                  mode tcp
                  timeout connect 10s
                  timeout client 60s
                  timeout server 60s
                listen tls
                  bind 127.0.0.1:%d ssl crt %s alpn h2
                  server host 127.0.0.1:%d
                """.formatted(port, Certificate.make(folder).pem(), host.printedPort()));
        tls = Program.listening(
                List.of(haproxy, "-db", "-f", configuration.toString()), folder.resolve("haproxy.log"), port);
    }

    @AfterEach
    void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
        if (tls != null) {
            tls.close();
        }
        if (host != null) {
            host.close();
        }
    }

    @Test
    void messagesComeBackInAStreamBesideThePage() throws Exception {
        browser.open("https://127.0.0.1:" + port + "/"); // refused, but it is a page, and an HTTP/2 connection
        assertEquals("h2", browser.await("""
                arguments[0](performance.getEntriesByType('navigation')[0].nextHopProtocol);
                """));
        String outcome = browser.await(BrowserEchoIT.CONVERSE.replace("END", "socket.close(4000, 'enough')"));
        assertEquals("9 0 4000 enough true permessage-deflate", outcome);
    }
}
