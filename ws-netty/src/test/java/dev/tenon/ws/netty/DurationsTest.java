package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.server.HostedRoutesBuilder;
import dev.tenon.ws.server.HttpHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Durations of more nanoseconds than a long has: a deadline that never passes. */
class DurationsTest extends BadPeerContract {
    private static final Duration EVER = Duration.ofSeconds(Long.MAX_VALUE);

    private final CompletableFuture<HttpResponse> slow = new CompletableFuture<>();

    @Override
    NettyServerBuilder configured() throws IOException {
        return super.configured()
                .tls(ServerAndClient.certificate(), ServerAndClient.key())
                .requestTimeout(EVER)
                .idleTimeout(EVER);
    }

    @Override
    void addRoutes(HostedRoutesBuilder routes) {
        routes.get("/slow", HttpHandler.async(request -> slow)).responseTimeout(EVER);
    }

    private static NettyClient client(HttpVersion version) {
        return NettyClient.builder()
                .trust(ServerAndClient.certificate())
                .version(version)
                .connectTimeout(EVER)
                .build();
    }

    private String uri(String path) {
        return "wss://127.0.0.1:" + server.port() + path;
    }

    @ParameterizedTest
    @EnumSource(value = HttpVersion.class, names = "HTTP_1_0", mode = EnumSource.Mode.EXCLUDE)
    void noTimeoutPassesAndAStopEndsAllThreads(HttpVersion version) throws Exception {
        try (NettyClient client = client(version)) {
            var opened = client.connect(uri("/late"), new WebSocketListener() {});
            requested.get(60, TimeUnit.SECONDS);
            accept();
            opened.get(60, TimeUnit.SECONDS);
            server.stop(EVER);
            client.close(EVER);
        }
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("tenon-netty-server")
                    || thread.getName().startsWith("tenon-netty-client-")) {
                thread.join(10_000);
                assertFalse(thread.isAlive(), thread::getName);
            }
        }
    }

    @Test
    void aPlainRequestIsAnswered() throws Exception {
        server.stop(Duration.ZERO);
        server = start(NettyServer.builder().loops(1).requestTimeout(EVER).idleTimeout(EVER));
        try (Http1Peer peer = new Http1Peer(server.port())) {
            peer.send("GET /slow HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            slow.complete(HttpResponse.text(200, "slow"));
            assertEquals("HTTP/1.1 200 OK", peer.head().get(0));
        }
    }

    @ParameterizedTest
    @EnumSource(value = HttpVersion.class, names = "HTTP_1_0", mode = EnumSource.Mode.EXCLUDE)
    void aConnectAfterTheEndOfTheClientFails(HttpVersion version) {
        NettyClient client = client(version);
        client.close();
        var connect = client.connect(uri("/"), new WebSocketListener() {});
        Throwable why = assertThrows(ExecutionException.class, () -> connect.get(10, TimeUnit.SECONDS))
                .getCause();
        assertInstanceOf(IOException.class, why);
    }
}
