package dev.tenon.ws.conformance.strangers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.conformance.peers.Certificate;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.netty.NettyServer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A page that headless Chromium has loaded over HTTP/3 carries its WebSocket in the same connection (RFC 9220) if a
 * flag allows it, and over TCP otherwise.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("once")
class Http3BrowserIT {
    /**
     * Connects until a WebSocket is open over HTTP/3, or a limit is reached: the browser's session may not be ready
     * yet.
     */
    private static final String CONNECT = """
        const done = arguments[arguments.length - 1];
        const page = performance.getEntriesByType('navigation')[0].nextHopProtocol;
        let attempts = 0;
        const attempt = () => {
          const socket = new WebSocket(location.href.replace('http', 'ws') + 'ws');
          let version = 'none';
          socket.onmessage = event => { version = event.data; socket.close(1000); };
          socket.onclose = event => {
            if (version !== 'HTTP/3' && ++attempts < MOST) setTimeout(attempt, 50);
            else done([page, version, event.code, event.wasClean].join(' '));
          };
        };
        attempt();
        """;

    @ParameterizedTest
    @CsvSource({"true, h3 HTTP/3 1000 true", "false, h3 HTTP/1.1 1000 true"})
    void theFlagSelectsTheHttpVersionOfAWebSocket(boolean flag, String outcome, @TempDir Path folder) throws Exception {
        Certificate certificate = Certificate.make(folder);
        NettyServer server = NettyServer.builder()
                .tls(certificate.pem(), certificate.pem())
                .routes(routes -> routes.route(
                                "/ws",
                                upgrade -> upgrade.accept(
                                        new VersionSender(upgrade.request().version())))
                        .get("/", request -> page()))
                .start();
        try (Browser browser =
                Browser.start(folder.resolve("profile"), Browser.http3(server.port(), certificate, flag))) {
            browser.open("https://127.0.0.1:" + server.port() + "/");
            assertEquals(outcome, browser.await(CONNECT.replace("MOST", flag ? "100" : "3")));
        } finally {
            server.stop(Duration.ZERO);
        }
    }

    private static HttpResponse page() {
        HttpResponse page = HttpResponse.text(200, "<!doctype html><title>page</title>");
        return page.withHeaders(page.headers().toBuilder()
                .remove("Content-Type")
                .add("Content-Type", "text/html")
                .build());
    }

    /** Sends the HTTP version of its connection. */
    private record VersionSender(HttpVersion version) implements WebSocketListener {
        @Override
        public void onOpen(WebSocket webSocket) {
            webSocket.sendText(version.toString());
        }
    }
}
