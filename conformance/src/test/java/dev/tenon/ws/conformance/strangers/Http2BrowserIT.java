package dev.tenon.ws.conformance.strangers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.conformance.peers.Certificate;
import dev.tenon.ws.conformance.peers.Program;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.netty.NettyServer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Headless Chromium's WebSocket over HTTP/2 (RFC 8441) with the server of ws-netty. HAProxy terminates TLS and forwards
 * the bytes. The server refuses all other versions, so every open WebSocket is in a stream of HTTP/2.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("once")
class Http2BrowserIT {
    private NettyServer server;
    private Program tls;
    private Browser browser;
    private int port;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        String haproxy = Program.installed("haproxy");
        browser = Browser.start(folder.resolve("profile"));
        server = NettyServer.builder()
                .routes(routes -> routes.options(options -> options.withOutbound(64 * 1024, 16 << 20))
                        .route(
                                "/ws",
                                upgrade -> upgrade.request().version() == HttpVersion.HTTP_2
                                        ? upgrade.accept(new Echo())
                                        : upgrade.refuse(400, "only over HTTP/2")))
                .start();
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
                """.formatted(port, Certificate.make(folder).pem(), server.port()));
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
        if (server != null) {
            server.close();
        }
    }

    private static final class Echo implements WebSocketListener {
        @Override
        public void onText(WebSocket webSocket, String text) {
            webSocket.sendText(text);
        }

        @Override
        public void onBinary(WebSocket webSocket, ByteBuffer data) {
            webSocket.sendBinary(data);
        }
    }

    @Test
    void messagesComeBackInAStreamBesideThePage() throws Exception {
        browser.open("https://127.0.0.1:" + port
                + "/"); // the response is a refusal, but it is a page over an HTTP/2 connection
        assertEquals("h2", browser.await("""
                arguments[0](performance.getEntriesByType('navigation')[0].nextHopProtocol);
                """));
        String outcome = browser.await(BrowserEchoIT.CONVERSE.replace("END", "socket.close(4000, 'enough')"));
        assertEquals("9 0 4000 enough true permessage-deflate", outcome);
    }
}
