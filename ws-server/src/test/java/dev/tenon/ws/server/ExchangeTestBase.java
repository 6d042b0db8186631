package dev.tenon.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.extension.Extensions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Shared by the tests of exchanges: a server with its usual settings. */
abstract class ExchangeTestBase {
    static final String GET = "GET /poll HTTP/1.1\r\nHost: localhost\r\n\r\n";

    static WebSocketServerBuilder builder() {
        return WebSocketServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .extensions(Extensions.none())
                .loops(1);
    }

    static void awaitConnections(WebSocketServer server, int expected) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (server.connections() != expected && System.nanoTime() - end < 0) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        assertEquals(expected, server.connections());
    }

    static void reset(RawClient client) throws IOException {
        client.socket.setSoLinger(true, 0);
        client.socket.close();
    }

    static String head(WebSocketServer server, String path, String lines) throws IOException {
        try (RawClient client = new RawClient(server)) {
            client.send(RawClient.upgrade(path, lines));
            return client.head();
        }
    }
}
